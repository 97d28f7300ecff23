"""The sample on disk, read the way Python's csv module reads it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.sample.write import SampleSummary

FIRST, SECOND = "2026-05-31", "2026-06-30"
Row = dict[str, str]


@dataclass(frozen=True)
class Sample:
    """A sample on disk, and its files read the way the csv module reads them."""

    landing: Path
    summary: SampleSummary

    def records(self, file: str) -> Iterator[tuple[int, list[str]]]:
        """Line at which it begins, and fields, of every record; the header first."""
        with (self.landing / file).open(encoding="utf-8", newline="") as text:
            reader = csv.reader(text)
            line = 1
            for fields in reader:
                yield line, fields
                line = reader.line_num + 1

    def rows(self, name: str, day: str, source: str = "salesforce") -> list[Row]:
        """The good rows of an object's extract."""
        file = f"{source}/{name}/{day}/{name}.csv"
        bad = {defect.line for defect in self.summary.defects if defect.file == file}
        records = self.records(file)
        _, header = next(records)
        return [dict(zip(header, row, strict=True)) for line, row in records if line not in bad]

    def both(self, name: str, source: str = "salesforce") -> list[Row]:
        """The good rows of the first extract, then those of the second."""
        return self.rows(name, FIRST, source) + self.rows(name, SECOND, source)
