"""People are told of critical checks that fail, and of extracts that are late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from orchestration.alerts import Alert, clear, stake, tell
from orchestration.company import load_company
from orchestration.quality.check import CheckResult
from orchestration.quality.rhythm import LateExtract, late_extracts
from orchestration.settings import Settings
from orchestration.warehouse import read_warehouse


def tell_of_failures(
    settings: Settings, results: Sequence[CheckResult], log: Callable[[str], None]
) -> None:
    """Tell of each check that blocks, and note the ones that pass again."""
    clear(settings, *(_key(result) for result in results if not result.blocks))
    for result in results:
        if result.blocks:
            tell(settings, _blocking(settings, result), log)


def tell_of_late_extracts(settings: Settings, log: Callable[[str], None]) -> None:
    """Tell of extracts that should have come by today in the business time zone."""
    today = dt.datetime.now(load_company(settings).zone).date()
    with read_warehouse(settings) as warehouse:
        late = late_extracts(warehouse, today)
    alerts = [_late(settings, extract) for extract in late]
    if not alerts:
        clear(settings, "late:")
    for alert in alerts:
        tell(settings, alert, log)


def _key(result: CheckResult) -> str:
    return f"check:{result.check.table_name}:{result.check.name}:"


def _blocking(settings: Settings, result: CheckResult) -> Alert:
    check = result.check
    how = "could not be computed" if result.status == "error" else "failed"
    return Alert(
        _key(result),
        what=f"the check '{check.name}' of {check.table_name} {how}, and nothing is published:"
        f" {result.details}",
        money=_money(settings, result),
        advice=f"see the rows ({', '.join(result.sample_keys) or 'none is named'}; the query is in"
        " ops.check_result); mend them where they come from and run again",
        since=result.failing_since,
    )


def _late(settings: Settings, extract: LateExtract) -> Alert:
    days = f"{extract.usual_days:.0f} day" + ("s" if extract.usual_days != 1 else "")
    return Alert(
        f"late:{extract.name}:{extract.newest_extract_date}",
        what=f"extracts of {extract.name} are late: the newest is of {extract.newest_extract_date},"
        f" and usually {days} lie between two",
        money=stake(settings),
        advice="see whether its export still runs and reaches landing; the figures go on with the"
        " last one",
        since=extract.newest_extract_date + dt.timedelta(days=round(extract.usual_days)),
    )


def _money(settings: Settings, result: CheckResult) -> str:
    if result.affected_amount is None:
        return f"not known of these rows; {stake(settings)}"
    if result.check.schema == "marts":
        return f"{load_company(settings).reporting_currency} {result.affected_amount:,.2f}"
    return f"{result.affected_amount:,.2f}, in the currencies of the records"
