"""Currencies and dated rates. Amounts are whole hundredths of a currency, never floats."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right

CORPORATE = "USD"
CURRENCIES = ("USD", "EUR", "VND")
DECIMAL_PLACES = {"USD": 2, "EUR": 2, "VND": 0}
# Amounts are agreed in round sums of so many whole units.
_ROUND_SUM = {"USD": 50, "EUR": 50, "VND": 1_000_000}

# Units of the currency for one US dollar, in ten-thousandths, by quarter from 2023-01-01.
_TEN_THOUSANDTHS = 10_000
_RATES = {
    "EUR": (9340, 9200, 9150, 9300, 9210, 9290, 9120, 9370, 9510, 8880, 8590, 8610, 8540, 8660),
    "VND": (
        235_000_000, 234_700_000, 237_500_000, 243_800_000, 246_100_000, 253_400_000, 252_100_000,
        252_600_000, 254_600_000, 257_900_000, 261_300_000, 263_200_000, 262_500_000, 264_000_000,
    ),
}  # fmt: skip
RATE_STARTS = tuple(
    dt.date(2023 + quarter // 4, quarter % 4 * 3 + 1, 1) for quarter in range(len(_RATES["EUR"]))
)


def rate_at(currency: str, day: dt.date) -> int:
    """Rate in force on a day, in ten-thousandths of the currency for one dollar."""
    if currency == CORPORATE:
        return _TEN_THOUSANDTHS
    return _RATES[currency][max(0, bisect_right(RATE_STARTS, day) - 1)]


def rate_text(rate: int) -> str:
    """A rate as the CRM writes it: 0.9340."""
    return f"{rate // _TEN_THOUSANDTHS}.{rate % _TEN_THOUSANDTHS:04d}"


def agreed_amount(dollars: float, currency: str, day: dt.date) -> int:
    """A round sum in hundredths of the currency, of about so many dollars, at least one step."""
    units = dollars * rate_at(currency, day) / _TEN_THOUSANDTHS
    step = _ROUND_SUM[currency]
    return max(1, int(units / step + 0.5)) * step * 100


def percent_of(amount: int, percent: int) -> int:
    """So many percent of an amount, rounded half up to the hundredth."""
    return (amount * percent + 50) // 100


def amount_text(amount: int | None) -> str:
    """An amount as the CRM's API writes it: 12000.0 or 12345.67; nothing when there is none."""
    if amount is None:
        return ""
    whole, hundredths = divmod(amount, 100)
    return f"{whole}.{hundredths:02d}" if hundredths % 10 else f"{whole}.{hundredths // 10}"
