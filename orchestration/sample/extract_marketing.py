"""Leads, campaign members and advertising, as an extract shows them."""

from __future__ import annotations

import datetime as dt

from orchestration.sample import ids, names
from orchestration.sample.advertising import (
    CUSTOMER_ID,
    RESTATED_DAYS,
    AdDay,
    conversions_known,
)
from orchestration.sample.company import Company
from orchestration.sample.forms import Window, day_text, flag_text, stamp_text
from orchestration.sample.leads import Lead, Membership
from orchestration.sample.money import CORPORATE

# Ids of memberships of leads without a deal come after all others.
LEAD_MEMBERSHIPS = 10_000_000_000


def lead(company: Company, item: Lead, window: Window) -> list[str] | None:
    """A lead as of the extract; None when an incremental one does not have it."""
    steps = (item.created, item.worked, item.closed)
    known = [at for at in steps if at and at <= window.until]
    if not known or not window.holds(known[-1]):
        return None
    converted = len(known) == 3 and item.deal is not None
    closed_as = "Closed - Converted" if item.deal else "Closed - Not Converted"
    status = ("Open - Not Contacted", "Working - Contacted", closed_as)[len(known) - 1]
    account_id = contact_id = deal_id = ""
    if converted and item.deal:
        account_id = company.account(item.deal.account).id
        contact_id, deal_id = ids.salesforce_id(ids.CONTACT, item.deal.number), item.deal.id
    modified = stamp_text(known[-1])
    return [
        item.id, "false", "", item.given, item.family, item.name, item.company,
        names.email(item.name, item.number, "example.org"), f"+1 555 {item.number % 10_000:04d}",
        "", status, item.rating, item.owner.id, item.source, flag_text(converted),
        day_text(known[-1].date()) if converted else "", account_id, contact_id, deal_id,
        stamp_text(item.created), modified, modified,
    ]  # fmt: skip


def member(item: Membership, number: int, window: Window) -> list[str] | None:
    """A campaign member; None when an incremental extract does not have it.

    A lead that became a contact keeps its membership, which then names both.
    """
    responded = item.responded if item.responded and item.responded <= window.until else None
    converted = item.lead.deal.created if item.lead and item.lead.deal else None
    if converted and converted > window.until:
        converted = None
    stamp = max(at for at in (item.created, responded, converted) if at)
    if not window.holds(stamp):
        return None
    names_contact = item.lead is None or converted is not None
    return [
        ids.salesforce_id(ids.CAMPAIGN_MEMBER, number), "false", item.campaign.id,
        item.lead.id if item.lead else "", item.contact_id if names_contact else "",
        "Responded" if responded else "Sent", flag_text(responded is not None),
        day_text(responded.date() if responded else None), stamp_text(item.created),
        stamp_text(stamp),
    ]  # fmt: skip


def ad_day(item: AdDay, window: Window) -> list[str] | None:
    """A day of an advertising campaign; an extract restates the last days before the one before."""
    if item.day > window.day:
        return None
    if window.since and item.day <= window.since.date() - dt.timedelta(days=RESTATED_DAYS):
        return None
    conversions = conversions_known(item, window.day)
    value = conversions * 45
    return [
        item.day.isoformat(), CUSTOMER_ID, item.campaign.google_id, item.campaign.name,
        str(item.cost_micros), str(item.clicks), str(item.impressions),
        f"{conversions // 10}.{conversions % 10}", f"{value // 10}.{value % 10}", CORPORATE,
    ]  # fmt: skip
