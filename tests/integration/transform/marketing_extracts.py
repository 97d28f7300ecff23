"""Extracts of the marketing systems that the sample company lacks, made around its own leads."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

DAY = dt.timedelta(days=1)
EXTRACTED = "2026-05-31"


def deliver(landing: Path) -> None:
    """Write web sessions, two more platforms and HubSpot contacts beside the sample's extracts."""
    with (landing / f"salesforce/Lead/{EXTRACTED}/Lead.csv").open(encoding="utf-8") as file:
        leads = [row for row in csv.DictReader(file) if row["SystemModstamp"]]
    _write(landing, "linkedin_ads/campaign_daily", "days.csv", _linkedin_days())
    _write(landing, "meta_ads/campaign_daily", "days.csv", _meta_days())
    _write(landing, "ga4/sessions", "sessions.jsonl", list(_sessions(leads)))
    _write(landing, "hubspot/contacts", "contacts.jsonl", _hubspot_contacts())
    _write(landing, "hubspot/deals", "deals.jsonl", _hubspot_deals())


def _write(landing: Path, source: str, name: str, rows: Sequence[dict[str, object]]) -> None:
    folder = landing / source / EXTRACTED
    folder.mkdir(parents=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        if name.endswith(".jsonl"):
            file.writelines(json.dumps(row) + "\n" for row in rows)
        else:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


def _linkedin_days() -> list[dict[str, object]]:
    """A campaign of its own in euros, and one that has the name of a campaign of the CRM."""
    names = {"501": "Directors in EMEA", "502": "search | emea | brand 2"}
    return [
        {
            "day": dt.date(2026, 3, 1) + place * DAY, "campaign_id": campaign,
            "campaign_name": name, "campaign_group_id": "9", "clicks": place, "impressions": 40,
            "cost_in_local_currency": f"{10 + place * 0.333333:.6f}", "cost_in_usd": "11.5",
            "currency_code": "EUR",
        }
        for campaign, name in names.items()
        for place in range(70)
    ]  # fmt: skip


def _meta_days() -> list[dict[str, object]]:
    """Two advertisements of one campaign, in dong."""
    return [
        {
            "date": dt.date(2026, 2, 1) + place * DAY, "account_id": "act_77", "campaign_id": "601",
            "campaign_name": "Retargeting", "adset_id": "1", "adset_name": "All", "ad_id": ad,
            "ad_name": f"Ad {ad}", "spend": 150_001 + place, "impressions": 90,
            "inline_link_clicks": 2, "reach": 50, "currency_code": "VND",
        }
        for ad in ("1", "2")
        for place in range(40)
    ]  # fmt: skip


def _sessions(leads: list[dict[str, str]]) -> list[dict[str, object]]:
    """Visits of every third lead: unknown first, known later; some browsers are shared."""
    sessions = []
    ways = (
        ("google", "cpc", "20154000011", "Search | Vietnam | Generic 1", "Paid Search"),
        ("linkedin", "paid", "501", "Directors in EMEA", "Paid Social"),
        ("news", "email", None, "Nobody's mail", "Email"),
        ("(direct)", "(none)", None, None, "Direct"),
        ("google", "organic", None, "(organic)", "Organic Search"),
    )
    for number, lead in enumerate(leads[::3]):
        created = dt.datetime.fromisoformat(lead["CreatedDate"].replace("Z", "+00:00"))
        person = hashlib.sha256(lead["Email"].strip().lower().encode()).hexdigest()
        for visit in range(number % 4):
            source, medium, campaign_id, campaign, group = ways[(number + visit) % len(ways)]
            began = created + (visit * 9 - 12) * DAY
            sessions.append({
                "user_pseudo_id": f"browser {number // 2 if number % 11 == 0 else number}",
                "ga_session_id": str(number * 10 + visit), "event_date": began.strftime("%Y%m%d"),
                "event_timestamp": int(began.timestamp()) * 1_000_000 + number,
                "user_id": person if visit == number % 3 else None, "source": source,
                "medium": medium, "campaign": campaign, "campaign_id": campaign_id,
                "default_channel_group": group, "gclid": "x" if medium == "cpc" else None,
            })  # fmt: skip
    return sessions


def _hubspot_contacts() -> list[dict[str, object]]:
    """A customer, a lead of whom only the stage is told, a subscriber, and one merged away."""
    dates = {
        "hs_lifecyclestage_lead_date": "2026-04-02T08:00:00Z",
        "hs_lifecyclestage_marketingqualifiedlead_date": "2026-04-03T08:00:00Z",
        "hs_lifecyclestage_customer_date": "2026-05-04T08:00:00Z",
    }
    contacts = [
        ("101", {"lifecyclestage": "customer", "hs_analytics_source": "PAID_SEARCH", **dates}),
        ("102", {"lifecyclestage": "lead", "hs_analytics_source": "OFFLINE"}),
        ("103", {"lifecyclestage": "subscriber", "hs_analytics_source": "ORGANIC_SEARCH"}),
        ("104", {"lifecyclestage": "lead", "hs_merged_object_ids": "105"}),
        ("105", {"lifecyclestage": "lead"}),
    ]
    return [
        {
            "id": contact, "createdAt": "2026-04-01T08:00:00Z", "updatedAt": "2026-05-20T08:00:00Z",
            "archived": False,
            "properties": {
                "email": f"{contact}@example.net", "createdate": "2026-04-01T08:00:00Z",
                "lastmodifieddate": "2026-05-20T08:00:00Z", **properties,
            },
        }
        for contact, properties in contacts
    ]  # fmt: skip


def _hubspot_deals() -> list[dict[str, object]]:
    """A deal won with the customer, one lost, and one that is open."""
    deals = [
        ("901", "2026-04-10", "2026-05-04", "closedwon", True, True, ["101", "102"]),
        ("902", "2026-04-11", "2026-05-05", "closedlost", True, False, ["103"]),
        ("903", "2026-04-12", "2026-08-05", "presentation", False, False, ["104"]),
    ]
    return [
        {
            "id": deal, "createdAt": f"{created}T08:00:00Z", "updatedAt": f"{EXTRACTED}T08:00:00Z",
            "archived": False,
            "properties": {
                "dealname": f"Deal {deal}", "pipeline": "default", "dealstage": stage,
                "amount": "1000.01", "deal_currency_code": "USD",
                "createdate": f"{created}T08:00:00Z", "closedate": f"{closed}T12:00:00Z",
                "hs_lastmodifieddate": f"{EXTRACTED}T08:00:00Z",
                "hs_is_closed": str(is_closed).lower(), "hs_is_closed_won": str(is_won).lower(),
            },
            "associations": {"contacts": {"results": [{"id": contact} for contact in contacts]}},
        }
        for deal, created, closed, stage, is_closed, is_won, contacts in deals
    ]  # fmt: skip
