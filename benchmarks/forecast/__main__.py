"""`python -m benchmarks.forecast DATA [--crm FOLDER]`: the table of reached against target.

DATA is a folder with the public data sets `adventureworks_reseller`, `superstore` and
`xeducation_leads`; FOLDER one with the public CRM under `raw`. What is not there is left out. A
second table says which of the truths planted in the sample company were found.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.forecast import accounts, crm, leads, scale
from benchmarks.forecast.judging import NAIVE, Origin, chosen, coverage, judge
from benchmarks.forecast.sample import findings
from benchmarks.forecast.series import origins_of, reseller, superstore
from orchestration.forecast.scores.calibration import auc, brier, calibration_error

COMPANY, NODES = slice(0, 1), slice(1, None)


@dataclass(frozen=True)
class Row:
    """One line of the table; what there is no figure for is None."""

    what: str
    naive: float | None
    best_single: float | None
    target: str
    reached: float
    is_met: bool


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecast")
    parser.add_argument("data", type=Path, help="folder of the public data sets")
    parser.add_argument("--crm", type=Path, help="folder of the public CRM")
    options = parser.parse_args()
    print("| data, split | seasonal naive | best single | target | reached | |")
    print("|---|---|---|---|---|---|")
    for row in rows(options.data, options.crm):
        figures = ["" if x is None else f"{x:.3f}" for x in (row.naive, row.best_single)]
        verdict = "met" if row.is_met else "missed"
        print(
            f"| {row.what} | {' | '.join(figures)} | {row.target} | {row.reached:.3f} | {verdict} |"
        )
    print("\n| sample company | planted | measured | |")
    print("|---|---|---|---|")
    for found in findings():
        verdict = "found" if found.is_found else "not found"
        print(f"| {found.what} | {found.planted} | {found.measured} | {verdict} |")


def rows(data: Path, crm_folder: Path | None) -> Iterator[Row]:
    """Every line for which there are data, as soon as it is known."""
    if (data / "adventureworks_reseller").is_dir():
        reps = origins_of(reseller(data, "EmployeeKey"))
        yield _row("reseller, company month, h=3", reps, range(25, 33), COMPANY, 0.150)
        yield _row("reseller, 17 reps", reps, range(28, 33), NODES, 0.370)
        yield _coverage("reseller reps, 80 % interval", reps, range(28, 33))
        found = accounts.run(data, reps, range(27, 33))
        is_met = found.wape < found.naive
        what = f"reseller, {found.accounts} accounts (untouched), WAPE"
        yield Row(what, found.naive, None, "< naive", found.wape, is_met)
        places = origins_of(reseller(data, "SalesTerritoryKey"))
        yield _row("reseller, 10 territories (untouched)", places, range(28, 33), NODES, None)
        yield _coverage("reseller territories, 80 % interval", places, range(28, 33))
    if (data / "superstore").is_dir():
        store = origins_of(superstore(data))
        yield _row("Superstore, company month (untouched)", store, range(36, 46), COMPANY, None)
        yield _row("Superstore, region x category", store, range(39, 46, 2), NODES, 0.460)
        yield _coverage("Superstore, 80 % interval", store, range(39, 46, 2))
    if crm_folder:
        yield from _crm_rows(crm.run(crm_folder))
    if (data / leads.FILE).is_file():
        yield from _lead_rows(leads.run(data))
    seconds, gigabytes = scale.measure()
    yield Row(
        "1,000 accounts, whole run, processor seconds",
        None,
        None,
        "<= 120",
        seconds,
        seconds <= 120,
    )
    yield Row("1,000 accounts, whole run, GB", None, None, "< 1", gigabytes, gigabytes < 1)


def _row(
    what: str, origins: Sequence[Origin], tested: Sequence[int], nodes: slice, target: float | None
) -> Row:
    ways = {at: chosen(origins, at) for at in tested}
    singles = [way for way in origins[0].forecasts if not way.startswith("stack")]
    by_way = {way: judge(origins, dict.fromkeys(tested, way), nodes).wape for way in singles}
    reached, best = judge(origins, ways, nodes), min(by_way.values())
    goal = by_way[NAIVE] if target is None else target
    text = "< naive" if target is None else f"<= {target:.3f}"
    return Row(f"{what}, WAPE", by_way[NAIVE], best, text, reached.wape, reached.wape <= goal)


def _coverage(what: str, origins: Sequence[Origin], tested: Sequence[int]) -> Row:
    ways = {at: chosen(origins, at) for at in tested}
    count, within = coverage(origins, ways, NODES)
    share = within / count
    return Row(what, None, None, ".77-.83", share, 0.77 <= share <= 0.83)


def _lead_rows(found: leads.Tested) -> Iterator[Row]:
    sharp = auc(found.chances, found.came)
    yield Row("leads of a school, AUC", None, 0.896, ">= .90", sharp, sharp >= 0.90)
    usual = brier(np.full(len(found.came), found.usual), found.came)
    off = brier(found.chances, found.came)
    yield Row("leads of a school, Brier", usual, 0.124, "<= .120", off, off <= 0.120)


def _crm_rows(found: crm.Crm) -> Iterator[Row]:
    tested = [origin.at for origin in found.origins if origin.at >= found.first_tested]
    yield _row("CRM, 28 days, company", found.origins, tested, COMPANY, 0.070)
    ways = {at: chosen(found.origins, at) for at in tested}
    bias = judge(found.origins, ways, COMPANY).bias
    yield Row("CRM, 28 days, company, bias", None, None, "within .03", bias, abs(bias) <= 0.03)
    yield _row("CRM, 28 days, reps", found.origins, tested, NODES, 0.330)
    sharp = auc(found.chances, found.came)
    yield Row("CRM, won in 28 days, AUC", None, 0.790, ">= .80", sharp, sharp >= 0.80)
    gap = calibration_error(found.chances, found.came)
    yield Row("CRM, won in 28 days, calibration error", None, 0.038, "<= .02", gap, gap <= 0.02)
    static = found.static_auc
    yield Row("CRM, win by what stands still, AUC", None, None, "<= .55", static, static <= 0.55)


if __name__ == "__main__":
    main()
