"""A company with HubSpot only: every mart is there, and HubSpot's own ways are known."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from dbt_company import Company

MAY, JUNE = "2026-05-31", "2026-06-30"
STAMP = "2026-06-05T12:00:00Z"
FIFTH = "0.200000000000000011102230246251565404236316680908203125"
SCREEN_EXPORT = (
    "\ufeffRecord ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Create Date,Deal owner,"
    "Associated Company IDs\r\n"
    "8,Renewal of Acme,Reminder,Renewals,60,2026-07-15 00:00,2026-06-01 14:00,Ann Lee,900;901\r\n"
)


def stage(number: str, label: str, place: int, probability: str, *, closed: bool) -> dict:
    metadata = {"isClosed": str(closed).lower(), "probability": probability}
    return {"id": number, "label": label, "displayOrder": place, "metadata": metadata}


PIPELINES = [
    {"id": "default", "label": "Sales", "displayOrder": 0, "stages": [
        stage("appointment", "Meeting", 0, "0.2", closed=False),
        stage("closedwon", "Closed Won", 1, "1.0", closed=True),
        stage("closedlost", "Closed Lost", 2, "0.0", closed=True),
    ]},
    {"id": "77", "label": "Renewals", "displayOrder": 1, "stages": [
        stage("771", "Reminder", 0, "0.5", closed=False),
        stage("772", "Closed Won", 1, "1.0", closed=True),
    ]},
]  # fmt: skip
TEAMS = [
    {"id": "9", "name": "All", "primary": False},
    {"id": "8", "name": "East", "primary": True},
]
OWNERS = [
    {"id": "1", "updatedAt": STAMP, "firstName": "Ann", "lastName": "Lee", "teams": TEAMS},
    {
        "id": "2", "updatedAt": STAMP, "firstName": "Bo", "lastName": "Wu", "archived": True,
        "email": "bo@hub.test",
    },
]  # fmt: skip
# Ann reported to Bo until the tenth of June, both to Vi, who has no seat in HubSpot.
ROSTER = (
    "employee_id,employee_name,user_id,email,role,region,manager_id,hire_date,valid_from,valid_to\n"
    "E1,Ann,1,,AE,East,E2,2026-01-01,2026-01-01,2026-06-10\n"
    "E1,Ann,1,,Senior AE,West,E3,,2026-06-11,\n"
    "E2,Bo,,BO@hub.test,Lead,East,E3,,2026-05-20,2026-06-25\n"
    "E3,Vi,,,VP,,,2025-04-01,2026-01-01,\n"
)
COMPANIES = [
    {"id": "900", "properties": {"name": "Acme", "hs_merged_object_ids": "902"}},
    {"id": "902", "properties": {"name": "ACME Inc."}},
]
ENGAGEMENTS = [
    ("50", "CALL", {"hs_call_status": "NO_ANSWER"}),
    ("51", "TASK", {"hs_task_type": "CALL", "hs_task_status": "COMPLETED"}),
    ("52", "TASK", {"hs_task_type": "CALL", "hs_task_status": "NOT_STARTED"}),
    ("53", "MEETING", {"hs_meeting_outcome": "NO_SHOW"}),
    ("54", "EMAIL", {"hs_email_direction": "INCOMING_EMAIL"}),
    ("55", "EMAIL", {"hs_email_direction": "EMAIL", "hs_email_status": "SENT"}),
    ("56", "NOTE", {}),
]


def deal(number: str, stage_id: str, close: str, modified: str, **properties: str | None) -> dict:
    return {
        "id": number,
        "archived": properties.pop("archived", "false") == "true",
        "properties": {
            "dealname": f"Deal {number}", "pipeline": "default", "dealstage": stage_id,
            "createdate": "2026-05-01T14:00:00Z", "closedate": close,
            "hs_lastmodifieddate": modified, "hubspot_owner_id": "1",
            "deal_currency_code": "USD", "hs_exchange_rate": "1", **properties,
        },
    }  # fmt: skip


OPEN_DEALS = [
    deal("3", "appointment", "2026-08-01T12:00:00Z", "2026-05-02T12:00:00Z", amount="900"),
    deal("4", "appointment", "2026-08-01T12:00:00Z", "2026-05-02T12:00:00Z", amount="500"),
    deal("6", "appointment", "2026-08-01T12:00:00Z", "2026-05-02T12:00:00Z", amount="70"),
]
DEALS = [
    # A midnight UTC is a date that somebody typed, not the evening before in New York.
    deal("1", "closedwon", "2026-06-10T00:00:00Z", "2026-06-10T15:00:00Z", amount="100"),
    deal(
        "2", "772", "2026-06-12T16:00:00Z", "2026-06-12T16:00:00Z", amount="40", pipeline="77",
        hs_is_closed="true", hs_is_closed_won="true",
    ),
    deal(
        "3", "appointment", "2026-08-01T12:00:00Z", "2026-06-02T12:00:00Z", amount="1000",
        hs_deal_stage_probability=FIFTH, hs_manual_forecast_category="BEST_CASE",
        hs_merged_object_ids="4;5",
    ),
    deal("6", "appointment", "2026-08-01T12:00:00Z", "2026-06-03T12:00:00Z", archived="true"),
    deal(
        "7", "closedwon", "2026-06-21T02:00:00Z", "2026-06-21T02:00:00Z", amount="80",
        deal_currency_code="EUR", hs_exchange_rate="1.25", hubspot_owner_id="2",
        hs_v2_date_entered_appointment="2026-05-05T12:00:00Z",
        hs_v2_date_entered_closedwon="2026-06-21T02:00:00Z",
    ),
]  # fmt: skip
CHANGES = [
    ("1", "dealstage", "2026-05-01T14:00:00Z", "appointment"),
    ("1", "amount", "2026-05-01T14:00:00Z", "130"),
    ("1", "hubspot_owner_id", "2026-05-01T14:00:00Z", "2"),
    ("1", "hubspot_owner_id", "2026-05-20T14:00:00Z", "1"),
    ("1", "amount", "2026-06-01T14:00:00Z", "100"),
    ("1", "dealstage", "2026-06-10T15:00:00Z", "closedwon"),
]


def deliver(landing: Path) -> None:
    def lines(name: str, day: str, rows: list[dict]) -> None:
        file = landing / "hubspot" / name / day / f"{name}.jsonl"
        file.parent.mkdir(parents=True)
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    lines("pipelines", JUNE, PIPELINES)
    lines("owners", JUNE, OWNERS)
    lines("companies", JUNE, COMPANIES)
    lines("deals", MAY, OPEN_DEALS)
    lines("deals", JUNE, DEALS)
    folder = landing / "hubspot" / "deals" / JUNE
    (folder / "screen.csv").write_bytes(SCREEN_EXPORT.encode())
    (folder / "_profile.yaml").write_text("timezone: America/New_York\n", encoding="utf-8")
    names = ("deal_id", "name", "timestamp", "value")
    rows = [dict(zip(names, change, strict=True)) for change in CHANGES]
    lines("deal_property_history", JUNE, rows)
    sheet = landing / "company" / "roster" / JUNE / "roster.csv"
    sheet.parent.mkdir(parents=True)
    sheet.write_text(ROSTER, encoding="utf-8")
    of_deal = {"deals": {"results": [{"id": "3", "type": "engagement_to_deal"}]}}
    engagements = [
        {
            "id": number,
            "updatedAt": STAMP,
            "properties": properties
            | {"hs_engagement_type": kind, "hs_timestamp": STAMP, "hubspot_owner_id": "1"},
            "associations": of_deal,
        }
        for number, kind, properties in ENGAGEMENTS
    ]
    lines("engagements", JUNE, engagements)


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    company = Company(tmp_path_factory.mktemp("company"))
    deliver(company.home / "landing")
    company.load()
    return company


@pytest.fixture(scope="module")
def said(company) -> str:
    """What dbt printed when it built and tested every model of this company."""
    return company.dbt(
        *("build", "--exclude-resource-type", "unit_test"),
        as_of_date=JUNE,
        business_timezone="America/New_York",
    )


@pytest.fixture(scope="module")
def query(company, said):
    with duckdb.connect(str(company.settings.warehouse_file), read_only=True) as reader:
        yield lambda sql: reader.execute(sql).fetchall()


def test_every_model_is_built_and_every_test_passes_without_a_warning(said):
    assert "WARN=0 ERROR=0 SKIP=0" in said


def test_deals_stand_in_stages_of_their_pipelines_with_amounts_in_the_reporting_currency(query):
    rows = query(
        "select opportunity_key, stage_key, stage_name, amount, close_date, is_won"
        " from marts.fct_opportunity order by 1"
    )
    june, july = dt.date(2026, 6, 1), dt.date(2026, 7, 1)
    assert rows == [
        ("hubspot:1", "hubspot:default:closedwon", "Closed Won", 100, june.replace(day=10), True),
        ("hubspot:2", "hubspot:77:772", "Closed Won", 40, june.replace(day=12), True),
        ("hubspot:3", "hubspot:default:appointment", "Meeting", 1000, dt.date(2026, 8, 1), False),
        ("hubspot:7", "hubspot:default:closedwon", "Closed Won", 100, june.replace(day=20), True),
        ("hubspot:8", "hubspot:77:771", "Reminder", 60, july.replace(day=15), False),
    ]


def test_two_pipelines_may_name_a_stage_alike(query):
    assert query(
        "select stage_key, pipeline_name, stage_order, is_won from marts.dim_stage"
        " where stage_name = 'Closed Won' order by 1"
    ) == [
        ("hubspot:77:772", "Renewals", 2, True),
        ("hubspot:default:closedwon", "Sales", 2, True),
    ]


def test_a_probability_is_a_fraction_and_no_percentage(query):
    assert query(
        "select open_amount, weighted_amount, forecast_category from marts.mart_pipeline_daily"
        f" where snapshot_date = '{JUNE}' and stage_key = 'hubspot:default:appointment'"
    ) == [(1000, 200, "Best Case")]


def test_a_merged_deal_is_in_no_figure_of_any_day(query):
    assert query("from marts.fct_opportunity_history where opportunity_key = 'hubspot:4'") == []
    assert query(
        "select sum(open_amount) from marts.mart_pipeline_daily where snapshot_date = '2026-05-31'"
        " and owner_key = 'hubspot:1'"
    ) == [(900 + 70 + 130 + 40,)]


def test_an_archived_deal_leaves_the_pipeline_when_it_was_archived(query):
    assert query(
        "select valid_to from marts.fct_opportunity_history"
        " where opportunity_key = 'hubspot:6' order by valid_from desc limit 1"
    ) == [(dt.datetime(2026, 6, 3, 12),)]  # noqa: DTZ001


def test_the_property_history_says_what_held_when_and_who_owned_it(query):
    assert query(
        "select stage_name, amount_original, probability, owner_key from"
        " marts.fct_opportunity_history where opportunity_key = 'hubspot:1' order by valid_from"
    ) == [
        ("Meeting", 130, Decimal("0.2"), "hubspot:2"),
        ("Meeting", 130, Decimal("0.2"), "hubspot:1"),
        ("Meeting", 100, Decimal("0.2"), "hubspot:1"),
        ("Closed Won", 100, Decimal(1), "hubspot:1"),
    ]


def test_without_that_history_the_moments_of_entering_stages_say_it(query):
    assert query(
        "select stage_name, history_source, valid_from from marts.fct_opportunity_history"
        " where opportunity_key = 'hubspot:7' order by valid_from"
    ) == [
        ("Meeting", "assumed", dt.datetime(2026, 5, 1, 14)),  # noqa: DTZ001
        ("Meeting", "tracked", dt.datetime(2026, 5, 5, 12)),  # noqa: DTZ001
        ("Closed Won", "tracked", dt.datetime(2026, 6, 21, 2)),  # noqa: DTZ001
    ]


def test_a_screen_export_names_owners_and_companies(query):
    assert query(
        "select owner_key, account_key from marts.fct_opportunity"
        " where opportunity_key = 'hubspot:8'"
    ) == [("hubspot:1", "hubspot:900")]


def test_owners_and_companies_are_users_and_accounts(query):
    assert query(
        "select user_key, user_name, team, is_active from marts.dim_user"
        " where user_key like 'hubspot:%' order by 1"
    ) == [("hubspot:1", "Ann Lee", "East", True), ("hubspot:2", "Bo Wu", None, False)]
    assert query("select account_key, survivor_account_key from marts.dim_account order by 1") == [
        ("hubspot:900", "hubspot:900"),
        ("hubspot:902", "hubspot:900"),
    ]


def test_reps_have_what_they_closed_and_did(query):
    assert query(
        "select user_key, bookings_amount, won_count, call_count, email_count, meeting_count,"
        " task_completed_count from marts.mart_rep_performance"
        " where period_type = 'month' and period_start_date = '2026-06-01' order by 1"
    ) == [
        ("hubspot:1", 140, 2, 1, 1, 0, 1),
        ("hubspot:2", 100, 1, 0, 0, 0, 0),
    ]


def test_the_roster_says_who_reports_to_whom_in_which_role_and_region(query):
    assert query(
        "select user_key, user_name, manager_key, manager_name, role_name, region, hire_date,"
        " is_active from marts.dim_user order by 1"
    ) == [
        ("company:E3", "Vi", None, None, "VP", None, dt.date(2025, 4, 1), True),
        (
            "hubspot:1", "Ann Lee", "company:E3", "Vi", "Senior AE", "West",
            dt.date(2026, 1, 1), True,
        ),
        ("hubspot:2", "Bo Wu", "company:E3", "Vi", "Lead", "East", None, False),
    ]  # fmt: skip
    assert query(
        "select manager_key, role_name, region, valid_to from marts.dim_user_history"
        " where user_key = 'hubspot:1' order by valid_from"
    ) == [
        ("hubspot:2", "AE", "East", dt.datetime(2026, 6, 11, 4)),  # noqa: DTZ001
        ("company:E3", "Senior AE", "West", None),
    ]


def test_a_deal_goes_to_the_managers_whom_the_roster_named_at_its_close(query):
    assert query(
        "select opportunity_key, manager_at_close_key from marts.fct_opportunity"
        " where is_won order by 1"
    ) == [
        ("hubspot:1", "hubspot:2"), ("hubspot:2", "company:E3"), ("hubspot:7", "company:E3"),
    ]  # fmt: skip
    assert query(
        "select user_key, user_name, bookings_amount, won_count from marts.mart_team_performance"
        " where period_type = 'month' and period_start_date = '2026-06-01' order by 1"
    ) == [
        ("company:E3", "Vi", 240, 3),
        ("hubspot:1", "Ann Lee", 140, 2),
        ("hubspot:2", "Bo Wu", 200, 2),
    ]


def test_a_merged_deal_is_counted_among_what_is_noted_of_the_data(query):
    assert query(
        "select object, severity, rows_affected, amount_affected from ops.data_quality_summary"
        " where check_name = 'a_merged_deal_is_its_survivor'"
    ) == [("deals", "info", 2, 500)]
