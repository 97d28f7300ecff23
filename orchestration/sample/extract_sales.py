"""Opportunities, their histories, tasks and meetings, as an extract shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from orchestration.sample import ids
from orchestration.sample.activities import Task, Work
from orchestration.sample.clock import month_of
from orchestration.sample.company import Company
from orchestration.sample.course import Change
from orchestration.sample.deals import Deal
from orchestration.sample.forms import Window, day_text, flag_text, stamp_text
from orchestration.sample.money import amount_text, percent_of
from orchestration.sample.stages import CATEGORY_NAMES

# Highest number of history rows, owner changes, tasks and meetings of one deal.
_PER_DEAL = 128
# Ids of tasks about leads come after all others.
LEAD_TASKS = 10_000_000_000


def opportunity(company: Company, deal: Deal, work: Work, window: Window) -> list[str] | None:
    """The record of a deal as of the extract; None when it did not exist yet."""
    changes = [change for change in deal.changes if change.at <= window.until]
    if not changes:
        return None
    now = changes[-1]
    stage = now.stage
    is_deleted = deal.deleted is not None and deal.deleted <= window.until
    stamps = [now.at, *(change.at for change in deal.owners if change.at <= window.until)]
    if is_deleted and deal.deleted:
        stamps.append(deal.deleted)
    modified = stamp_text(max(stamps))
    campaign = next((t.campaign.id for t in reversed(deal.touches) if t.responded), "")
    lost = stage.is_closed and not stage.is_won
    return [
        deal.id,
        flag_text(is_deleted),
        company.account(deal.account).id,
        deal.name,
        stage.name,
        amount_text(now.amount),
        f"{now.probability}.0",
        _expected_revenue(now),
        day_text(now.close_date),
        deal.kind,
        stage.next_step if deal.number % 4 else "",
        deal.source,
        flag_text(stage.is_closed),
        flag_text(stage.is_won),
        now.category,
        CATEGORY_NAMES[now.category],
        deal.currency,
        campaign,
        deal.owner(window.until).id,
        "",
        stamp_text(deal.created),
        deal.creator.id,
        modified,
        modified,
        day_text(work.last_day(window.until)),
        str(_push_count(changes)),
        stamp_text(_last_stage_change(changes)),
        str((now.close_date.month + 2) // 3),
        str(now.close_date.year),
        ids.salesforce_id(ids.CONTACT, deal.number) if deal.touches or deal.from_lead else "",
        "",
        deal.competitor,
        deal.loss_reason if lost else "",
    ]


def _expected_revenue(change: Change) -> str:
    if change.amount is None:
        return ""
    return amount_text(percent_of(change.amount, change.probability))


def _push_count(changes: list[Change]) -> int:
    """How often the close date went to a later calendar month."""
    months = [month_of(change.close_date) for change in changes]
    return sum(later > earlier for earlier, later in pairwise(months))


def _last_stage_change(changes: list[Change]) -> dt.datetime | None:
    moments = [after.at for before, after in pairwise(changes) if after.stage is not before.stage]
    return moments[-1] if moments else None


def history(deal: Deal, window: Window) -> Iterator[list[str]]:
    """OpportunityHistory: one row per tracked state."""
    for place, change in enumerate(deal.changes):
        if not (change.tracked and window.holds(change.at)):
            continue
        stamp = stamp_text(change.at)
        actor = deal.owner(change.at) if place else deal.creator
        yield [
            ids.salesforce_id(ids.OPPORTUNITY_HISTORY, deal.number * _PER_DEAL + place),
            deal.id,
            actor.id,
            stamp,
            change.stage.name,
            amount_text(change.amount),
            _expected_revenue(change),
            day_text(change.close_date),
            f"{change.probability}.0",
            change.category,
            "false",
            stamp,
        ]


def owner_history(deal: Deal, window: Window) -> Iterator[list[str]]:
    """OpportunityFieldHistory: an owner change is two rows, one of names and one of ids."""
    for place, change in enumerate(deal.owners):
        if not window.holds(change.at):
            continue
        actor = deal.seat.manager.id
        values = ((change.old.name, change.new.name), (change.old.id, change.new.id))
        for row, (old, new) in enumerate(values):
            number = deal.number * _PER_DEAL + place * 2 + row
            record_id = ids.salesforce_id(ids.FIELD_HISTORY, number)
            data_type = ("Text", "EntityId")[row]
            yield [record_id, deal.id, actor, stamp_text(change.at), data_type, "Owner", old, new]


def tasks(company: Company, deal: Deal, work: Work, window: Window) -> Iterator[list[str]]:
    """Tasks of a deal."""
    account_id = company.account(deal.account).id if work.tasks else ""
    for place, item in enumerate(work.tasks):
        row = task(item, deal.number * _PER_DEAL + place, account_id, window)
        if row:
            yield row


def task(item: Task, number: int, account_id: str, window: Window) -> list[str] | None:
    """A task as of the extract; None when an incremental one does not have it."""
    completed = item.completed if item.completed and item.completed <= window.until else None
    modified = completed or item.created
    if not window.holds(modified):
        return None
    is_call = item.type == "Call"
    return [
        ids.salesforce_id(ids.TASK, number),
        "false",
        item.lead_id,
        item.about.id if item.about else "",
        account_id,
        item.owner.id,
        item.subject,
        "Completed" if completed else "Not Started",
        "Normal",
        day_text(item.due),
        stamp_text(completed),
        flag_text(completed is not None),
        item.type,
        item.subtype,
        "Outbound" if is_call else "",
        str(item.seconds) if completed and item.seconds else "",
        stamp_text(item.created),
        stamp_text(modified),
    ]


def meetings(company: Company, deal: Deal, work: Work, window: Window) -> Iterator[list[str]]:
    """Calendar events of a deal."""
    account_id = company.account(deal.account).id if work.meetings else ""
    for place, meeting in enumerate(work.meetings):
        if not window.holds(meeting.created):
            continue
        created = stamp_text(meeting.created)
        yield [
            ids.salesforce_id(ids.EVENT, deal.number * _PER_DEAL + place),
            "false",
            "",
            deal.id,
            account_id,
            meeting.owner.id,
            meeting.subject,
            stamp_text(meeting.starts),
            stamp_text(meeting.ends),
            flag_text(meeting.is_child),
            "Meeting",
            "Event",
            created,
            created,
        ]
