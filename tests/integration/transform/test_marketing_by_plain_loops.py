"""The marketing marts of a company with every platform, against plain loops over its extracts."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import marketing_extracts
import pytest
from dbt_company import Company
from plain_facts import CENT, Facts, read
from plain_marketing import HALF_LIFE, MODELS, WINDOW, Marketing

from orchestration.settings import SAMPLE

AD_DAYS = """
    select
        'linkedin_ads' as platform, day, campaign_id, lower(campaign_name) as name, currency_code,
        cost_in_local_currency::text as cost
    from raw_linkedin_ads.campaign_daily
    union all
    select 'meta_ads', date, campaign_id, lower(campaign_name), currency_code, sum(spend)::text
    from raw_meta_ads.campaign_daily
    group by all
    union all
    select
        'google_ads', date, campaign_id, lower(campaign_name), currency_code,
        (cost_micros * 0.000001::decimal(7, 6))::text
    from raw_google_ads.campaign_daily
    qualify
        row_number() over (partition by date, campaign_id order by _last_extract_date desc) = 1
"""
MARTS = ("mart_campaign_performance", "mart_channel_performance", "dim_contact")


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    company = Company(tmp_path_factory.mktemp("company"))
    shutil.copytree(SAMPLE, company.home / "landing", ignore=shutil.ignore_patterns("*.md", ".*"))
    marketing_extracts.deliver(company.home / "landing")
    company.load()
    company.dbt(
        *("run", "--quiet", "--select", *(f"+{mart}" for mart in MARTS)),
        as_of_date="2026-06-30",
        attribution_window_days=WINDOW,
        attribution_half_life_days=HALF_LIFE,
    )
    with duckdb.connect(str(company.settings.warehouse_file), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


@pytest.fixture(scope="module")
def attribution(reader):
    return read(reader, "from marts.fct_attribution order by opportunity_key, touch_number")


def test_the_weights_of_all_models_are_those_of_plain_loops(reader, attribution):
    expected = Marketing(reader).shares()
    found = {
        (row["opportunity_key"], row["touchpoint_key"], row["attribution_model"]): row["weight"]
        for row in attribution
    }
    assert len({key[0] for key in expected}) > 250
    assert {key[1].partition(":")[0] for key in expected} == {"ga4", "hubspot", "salesforce"}
    assert found.keys() == expected.keys()
    assert [key for key in expected if abs(float(found[key]) - expected[key]) > 1e-9] == []


def test_the_shares_of_an_opportunity_are_its_amount_to_the_cent(reader, attribution):
    amounts = dict(
        reader.execute("select opportunity_key, amount from marts.fct_opportunity").fetchall()
    )
    shared: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for row in attribution:
        if row["attributed_amount"] is not None:
            key = (row["opportunity_key"], row["attribution_model"])
            shared[key].append(row["attributed_amount"])
            exact = amounts[key[0]] * row["weight"]
            assert abs(row["attributed_amount"] - exact) <= CENT
    assert {model for _, model in shared} == set(MODELS)
    assert [key for key, parts in shared.items() if sum(parts) != amounts[key[0]]] == []


def test_spend_is_converted_day_by_day_and_told_under_the_matched_campaign(reader):
    rates = Facts(reader, timezone="UTC", fiscal_start=1)
    spent: dict[tuple[str, dt.date], Decimal] = defaultdict(Decimal)
    campaigns = read(reader, "select distinct lower(name) as name, id from raw_salesforce.campaign")
    crm = {campaign["name"]: f"salesforce:{campaign['id']}" for campaign in campaigns}
    for day in read(reader, AD_DAYS):
        cost = Decimal(str(day["cost"])).quantize(Decimal("0.000001"), ROUND_HALF_UP)
        version = {"amount_original": cost, "currency_code": day["currency_code"]}
        key = crm.get(day["name"], f"{day['platform']}:{day['campaign_id']}")
        spent[key, day["day"].replace(day=1)] += rates.amount(version, day["day"])
    found = {
        (row["campaign_key"], row["month_start_date"]): row["spend_amount"]
        for row in read(reader, "from marts.mart_campaign_performance where spend_amount <> 0")
    }
    assert {key.partition(":")[0] for key, _ in spent} == {"salesforce", "linkedin_ads", "meta_ads"}
    assert found == spent


def test_channels_and_campaigns_tell_the_same_wholes(reader):
    columns = ["spend_amount", "lead_count", "opportunity_count", "pipeline_amount", "won_amount"]
    columns += [f"attributed_won_amount_{model}" for model in MODELS]
    sums = ", ".join(f"sum({column})" for column in columns)
    wholes = [
        reader.execute(f"select {sums} from marts.mart_{grain}_performance").fetchall()[0]
        for grain in ("campaign", "channel")
    ]
    won = reader.execute(
        "select sum(amount) from marts.fct_opportunity where is_won and close_date <= '2026-06-30'"
    ).fetchall()[0][0]
    assert wholes[0] == wholes[1]
    assert set(wholes[0][4:]) == {won}


def test_a_person_counts_once_from_lead_to_customer(reader):
    leads = Marketing(reader).leads
    people = Counter(lead["converted_contact_id"] or lead["id"] for lead in leads)
    rows = read(reader, "from marts.fct_lead where source_system = 'salesforce'")
    assert len(rows) == len(people)
    assert sum(row["is_converted"] for row in rows) == sum(lead["is_converted"] for lead in leads)


def test_hubspot_contacts_are_leads_by_their_lifecycle_and_deals(reader):
    names = ("is_lead", "became_lead_date", "opportunity_date", "won_date", "channel")
    found = {
        row["lead_key"]: tuple(row[name] for name in names)
        for row in read(reader, "from marts.fct_lead where source_system = 'hubspot'")
    }
    april, deal, won = dt.date(2026, 4, 1), dt.date(2026, 4, 10), dt.date(2026, 5, 4)
    assert found == {
        "hubspot:101": (True, dt.date(2026, 4, 2), deal, won, "Paid Search"),
        "hubspot:102": (True, april, deal, won, "OFFLINE"),
        "hubspot:103": (False, None, dt.date(2026, 4, 11), None, "Organic Search"),
        "hubspot:104": (True, april, dt.date(2026, 4, 12), None, "Unattributed"),
    }
    merged = read(reader, "from marts.dim_contact where contact_key = 'hubspot:105'")[0]
    assert (merged["survivor_contact_key"], merged["lead_key"]) == ("hubspot:104", "hubspot:104")
