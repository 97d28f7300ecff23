"""Writes the sample company's extracts, streaming: one deal or lead after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.sample import extract_marketing as marketing
from orchestration.sample import extract_reference as reference
from orchestration.sample import extract_sales as sales
from orchestration.sample import layout
from orchestration.sample.activities import work_on
from orchestration.sample.advertising import ad_days
from orchestration.sample.clock import EXTRACT_DATES, MONTHS, extract_moment, working_days
from orchestration.sample.company import SMALL_SCALE, Company
from orchestration.sample.deals import Deal, Slot, live
from orchestration.sample.defects import Defect
from orchestration.sample.forms import Window
from orchestration.sample.landing import ExtractFile
from orchestration.sample.layout import HEADERS, Kind
from orchestration.sample.leads import answer, lead_of, mailings, memberships_of_deal, other_leads

SEED = 71
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class SampleSummary:
    """What was written, and what was planted.

    ``rows`` counts the good rows of each file (path below landing); ``contradictions`` are ids of
    opportunities whose record differs from the last row of their history.
    """

    company: Company
    rows: dict[str, int]
    defects: tuple[Defect, ...]
    contradictions: tuple[str, ...]


def write_sample(
    landing: Path,
    *,
    scale: float = SMALL_SCALE,
    seed: int = SEED,
    on_progress: Progress | None = None,
) -> SampleSummary:
    """Write the extracts of a made-up company in the landing layout.

    Args:
        landing: folder that ``<source>/<object>/<date>/`` folders are made in; files of the same
            name are replaced.
        scale: 1 is a company of 100,000 opportunities (about 4 million rows); 0.001 to 100.
        seed: another seed gives another company.
        on_progress: called now and then with opportunities done and opportunities in all.

    Raises:
        ValueError: the scale is out of range.
    """
    company = Company(scale, seed)
    extracts = [_Extract(landing, company, newest) for newest in (False, True)]
    contradictions: list[str] = []
    try:
        for extract in extracts:
            extract.write_reference()
        for deal in deals(company, on_progress):
            _write_deal(company, deal, extracts)
            if not deal.changes[-1].tracked:
                contradictions.append(deal.id)
        _write_marketing(company, extracts)
    finally:
        for extract in extracts:
            extract.close()
    files = [file for extract in extracts for file in extract.files.values()]
    return SampleSummary(
        company,
        {file.name: file.rows for file in files},
        tuple(defect for file in files for defect in file.defects),
        tuple(contradictions),
    )


def deals(company: Company, on_progress: Progress | None = None) -> Iterator[Deal]:
    """Every opportunity of the CRM, in order of the months in which they began."""
    for slot in _slots(company):
        if on_progress and slot.number % 500 == 0:
            on_progress(slot.number, company.size.deals)
        deal = live(company, slot)
        if deal:
            yield deal
    if on_progress:
        on_progress(company.size.deals, company.size.deals)


def _slots(company: Company) -> Iterator[Slot]:
    """Deals about to begin, spread evenly over each seat's workload."""
    begun = [0.5] * len(company.staff.seats)
    number = 0
    for month in range(MONTHS):
        days = working_days(month)
        for seat in company.staff.seats:
            before = begun[seat.number]
            after = before + company.workload(seat, month) * company.deals_per_workload
            begun[seat.number] = after
            count = int(after) - int(before)
            for place in range(count):
                day = days[(2 * place + 1) * len(days) // (2 * count) - seat.number % 5]
                yield Slot(number, seat, int(before) + place, day)
                number += 1


class _Extract:
    """The files of one extract date."""

    def __init__(self, landing: Path, company: Company, newest: bool) -> None:
        day = EXTRACT_DATES[-1] if newest else EXTRACT_DATES[0]
        since = extract_moment(EXTRACT_DATES[0]) if newest else None
        self.window = Window(day, since, extract_moment(day))
        self._company = company
        self.files = {kind: ExtractFile(landing, kind, day, newest) for kind in HEADERS}

    def add(self, kind: Kind, row: Sequence[str] | None) -> None:
        """Write a row, if there is one."""
        if row:
            self.files[kind].add(row)

    def add_all(self, kind: Kind, rows: Iterable[Sequence[str]]) -> None:
        """Write rows."""
        for row in rows:
            self.files[kind].add(row)

    def write_reference(self) -> None:
        """Everything that is not counted in deals: small, and complete but for the accounts."""
        company, window = self._company, self.window
        self.add_all(layout.OPPORTUNITY_STAGE, reference.stages())
        self.add_all(layout.CURRENCY_TYPE, reference.currencies(window))
        self.add_all(layout.DATED_CONVERSION_RATE, reference.dated_rates())
        self.add_all(layout.USER_ROLE, reference.roles(company))
        self.add_all(layout.USER, reference.users(company, window))
        self.add_all(layout.FORECASTING_QUOTA, reference.quotas(company, window))
        self.add_all(layout.CAMPAIGN, reference.campaigns(company, window))
        self.add_all(layout.ACCOUNT, reference.accounts(company, window))

    def close(self) -> None:
        """Close all files."""
        for file in self.files.values():
            file.close()


def _write_deal(company: Company, deal: Deal, extracts: list[_Extract]) -> None:
    work = work_on(company, deal)
    lead = lead_of(company, deal)
    members = list(memberships_of_deal(company, deal, lead))
    response = answer(company, lead) if lead else None
    for extract in extracts:
        window = extract.window
        extract.add(layout.OPPORTUNITY, sales.opportunity(company, deal, work, window))
        extract.add_all(layout.OPPORTUNITY_HISTORY, sales.history(deal, window))
        extract.add_all(layout.OPPORTUNITY_FIELD_HISTORY, sales.owner_history(deal, window))
        extract.add_all(layout.TASK, sales.tasks(company, deal, work, window))
        extract.add_all(layout.EVENT, sales.meetings(company, deal, work, window))
        if lead:
            extract.add(layout.LEAD, marketing.lead(company, lead, window))
        if lead and response:
            number = sales.LEAD_TASKS + lead.number
            extract.add(layout.TASK, sales.task(response, number, "", window))
        for place, item in enumerate(members):
            row = marketing.member(item, deal.number * 4 + place, window)
            extract.add(layout.CAMPAIGN_MEMBER, row)


def _write_marketing(company: Company, extracts: list[_Extract]) -> None:
    for lead in other_leads(company):
        members = list(mailings(company, lead))
        response = answer(company, lead)
        for extract in extracts:
            window = extract.window
            extract.add(layout.LEAD, marketing.lead(company, lead, window))
            if response:
                number = sales.LEAD_TASKS + lead.number
                extract.add(layout.TASK, sales.task(response, number, "", window))
            for place, item in enumerate(members):
                number = marketing.LEAD_MEMBERSHIPS + lead.number * 8 + place
                extract.add(layout.CAMPAIGN_MEMBER, marketing.member(item, number, window))
    for campaign in company.campaigns.advertising:
        for ad_day in ad_days(company, campaign):
            for extract in extracts:
                extract.add(layout.CAMPAIGN_DAILY, marketing.ad_day(ad_day, extract.window))
