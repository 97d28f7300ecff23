"""How figures are written: by what a column's name tells, in the way of a currency's home."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import pandas as pd
from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_time
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
)

Kind = Literal["money", "original", "rate", "multiple", "number", "date", "moment", "text"]
NOTHING = "–"

_KINDS: tuple[tuple[Kind, str], ...] = (
    ("text", r"_key$|^(is|has)_"),
    ("date", r"(_date|_since)$"),
    ("moment", r"_at$|^valid_(from|to)$"),
    ("original", r"_original$|^(amount_affected|affected_amount)$"),
    ("multiple", r"^coverage_ratio_|^roas_|^mase$"),
    (
        "rate",
        r"(^|_)(rate|share|chance|effect)($|_)|^(probability|wape|bias|skill|interval_coverage)$",
    ),
    ("money", r"(^|_)amount($|_per_day$)|_amount_|^cac$|^cost_per_"),
    (
        "number",
        r"_(count|rank|days|number|order|months?|affected)($|_)|^days($|_)|^horizon$|_minutes$",
    ),
)
_ACRONYMS = {"mql": "MQL", "sql": "SQL", "cac": "CAC", "roas": "ROAS", "wape": "WAPE"}
_ACRONYMS |= {"mase": "MASE", "p10": "p10", "p50": "p50", "p75": "p75", "p90": "p90"}
# Where the first two letters of a currency are no country's, or no single one's.
_HOMES = {"EUR": "DE"}


def kind_of(column: str) -> Kind:
    """What a column holds, by the naming conventions of the marts.

    Money is in the reporting currency; an original amount is in a currency that its row names.
    """
    return next((kind for kind, pattern in _KINDS if re.search(pattern, column)), "text")


def label(column: str) -> str:
    """A column's name for people: the same words, so that it is found in the dictionary."""
    first, *rest = (_ACRONYMS.get(word, word) for word in column.split("_"))
    return " ".join([first[0].upper() + first[1:] if first.islower() else first, *rest])


@dataclass(frozen=True)
class Formats:
    """Ways of writing figures.

    Attributes:
        reporting_currency: ISO 4217 code; its home decides on separators and order of dates.
        currency: ISO 4217 code that amounts are shown in.
    """

    reporting_currency: str
    currency: str

    @cached_property
    def locale(self) -> Locale:
        """English as its country writes it, else its country's own language, else plain English."""
        country = _HOMES.get(self.reporting_currency, self.reporting_currency[:2])
        for name in (f"en_{country}", f"und_{country}"):
            with suppress(UnknownLocaleError, ValueError):
                return Locale.parse(name)
        return Locale.parse("en_001")

    @property
    def separators(self) -> tuple[str, str]:
        """The decimal mark and what stands between thousands."""
        return get_decimal_symbol(self.locale), get_group_symbol(self.locale)

    def write(self, column: str, value: Any) -> str:
        """A value of a column; of NULL a dash."""
        if not isinstance(value, (list, tuple)) and pd.isna(value):
            return NOTHING
        match kind_of(column):
            case "money":
                return self.money(value)
            case "original":
                return format_decimal(value, "#,##0.00", locale=self.locale)
            case "rate":
                return format_percent(value, "#,##0.0 %", locale=self.locale)
            case "multiple":
                return format_decimal(value, "#,##0.00", locale=self.locale) + " ×"
            case "number":
                return format_decimal(value, "#,##0.#", locale=self.locale)
            case "date":
                return self.date(value)
            case "moment":
                return f"{self.date(value)} {format_time(value, 'HH:mm', locale=self.locale)}"
        return str(value)

    def money(self, amount: float) -> str:
        """An amount in whole units of the currency shown."""
        return self._money(amount, "")

    def short(self, amount: float) -> str:
        """An amount to a tenth of a thousand, million or billion, for places with little room."""
        for size, sign in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
            if abs(amount) >= size:
                return self._money(amount / size, sign)
        return self._money(amount, "")

    def date(self, day: dt.date) -> str:
        """A day, its year in full."""
        return format_skeleton("yMd", day, locale=self.locale)

    def in_cell(self, column: str) -> str:
        """The number format by which a spreadsheet writes a column as `write` does.

        Which marks stand between digits is the spreadsheet's own choice.
        """
        match kind_of(column):
            case "money":
                usual = self.locale.currency_formats["standard"].pattern
                sign = get_currency_symbol(self.currency, locale=self.locale)
                is_before = usual.index("¤") < usual.index("0")
                return f'"{sign}"#,##0' if is_before else f'#,##0" {sign}"'
            case "original":
                return "#,##0.00"
            case "rate":
                return '#,##0.0" "%'
            case "multiple":
                return '#,##0.00" ×"'
            case "number":
                return "#,##0.0" if re.search(r"_(median|average|p75)$", column) else "#,##0"
            case "date":
                return self._date_in_cell
            case "moment":
                return f"{self._date_in_cell} hh:mm"
        return "@"

    @property
    def _date_in_cell(self) -> str:
        skeleton: str = self.locale.datetime_skeletons["yMd"].pattern
        parts = {"y": "yyyy", "M": "m", "MM": "mm", "d": "d", "dd": "dd"}
        return "".join(parts.get(part, part) for part in re.findall("[a-zA-Z]+|[ -~]", skeleton))

    def _money(self, amount: float, sign: str) -> str:
        usual = self.locale.currency_formats["standard"].pattern
        fraction = f".#'{sign}'" if sign else ""
        return format_currency(
            amount,
            self.currency,
            re.sub(r"([#0][#0,]*)([.]0+)?", rf"\1{fraction}", usual),
            locale=self.locale,
            currency_digits=False,
        )
