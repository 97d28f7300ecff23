"""What screens and spreadsheets export: recognised by the header, read as the contract declares."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from orchestration.ingest.ledger import LedgerEntry
from tests.integration.ingest.conftest import DAY, Office

GOOGLE = f"google_ads/campaign_daily/{DAY}/Campaign report.csv"
LINKEDIN = f"linkedin_ads/campaign_daily/{DAY}/performance.csv"
META = f"meta_ads/campaign_daily/{DAY}/ads.csv"
QUOTA = f"company/quota/{DAY}/quota.csv"
ROSTER = f"company/roster/{DAY}/roster.csv"
DEALS = f"hubspot/deals/{DAY}/deals.csv"

GOOGLE_HEADER = [
    "Day", "Customer ID", "Campaign ID", "Campaign", "Currency code", "Cost", "Impr.", "Clicks",
    "Conv. value",
]  # fmt: skip
GOOGLE_ROWS = [
    ["2026-03-10", "807-221-5540", "71001", "Brand", "EUR", '"2,450.75"', '"18,400"', "310", "--"],
    ["2026-03-11", "807-221-5540", "71001", "Brand", "EUR", "0.01", "9", "--", "12.50"],
]
GOOGLE_TITLES = ["Campaign report", "March 10, 2026 - March 11, 2026"]
GOOGLE_TOTALS = [
    ["Total: Campaigns", "--", "--", "--", "EUR", '"2,450.76"', '"18,409"', "310", "12.50"],
    ["Total: Account", "--", "--", "--", "EUR", '"2,450.76"', '"18,409"', "310", "12.50"],
]
GOOGLE_LOADED = [
    ("2026-03-10", "8072215540", 2450750000, 18400, 310, None),
    ("2026-03-11", "8072215540", 10000, 9, None, "12.500000"),
]


def sheet(rows: Sequence[Sequence[str]], delimiter: str = ",", above: Sequence[str] = ()) -> str:
    return "".join(f"{line}\r\n" for line in [*above, *map(delimiter.join, rows)])


def google(delimiter: str, rows: Sequence[Sequence[str]] = GOOGLE_ROWS) -> str:
    return sheet([GOOGLE_HEADER, *rows, *GOOGLE_TOTALS], delimiter, GOOGLE_TITLES)


def google_days(office: Office) -> list[tuple[object, ...]]:
    return office.query(
        "select date::varchar, customer_id, cost_micros, impressions, clicks,"
        " conversions_value::varchar from raw_google_ads.campaign_daily order by date"
    )


def told(entry: LedgerEntry) -> str:
    return "; ".join(entry.warnings)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe" + google("\t").encode("utf-16-le"),
        b"\xef\xbb\xbf" + google(",").encode(),
    ],
    ids=["UTF-16 and tabs", "UTF-8 and commas"],
)
def test_google_ads_screen_export_is_read_in_the_units_of_the_api(
    office: Office, content: bytes
) -> None:
    entry = office.load(GOOGLE, content)
    assert (entry.status, entry.rows.read, entry.rows.new) == ("loaded", 2, 2)
    assert google_days(office) == GOOGLE_LOADED
    assert "2 lines are totals and no record; the first is line 6" in told(entry)


def test_screen_and_api_say_the_same_of_a_day(office: Office) -> None:
    office.load(GOOGLE, google("\t"))
    api = (
        "date,customer_id,campaign_id,campaign_name,cost_micros,clicks,impressions,"
        "conversions_value,currency_code\n"
        "2026-03-10,8072215540,71001,Brand,2450750000,310,18400,,EUR\n"
    )
    entry = office.load(f"google_ads/campaign_daily/{DAY}/api.csv", api)
    assert (entry.rows.new, entry.rows.changed, entry.rows.unchanged) == (0, 0, 1)


def test_lines_of_a_screen_export_keep_their_numbers(office: Office) -> None:
    bad = ["2026-03-12", "807-221-5540", "71001", "Brand", "EUR", "1,5", "9", "1", "--"]
    rows = [GOOGLE_TOTALS[0], *GOOGLE_ROWS, [*bad[:5], '"1,5"', *bad[6:]]]
    entry = office.load(GOOGLE, google("\t", rows))
    assert (entry.rows.read, entry.rows.new, entry.rows.quarantined) == (3, 2, 1)
    ((line, text, reasons),) = office.quarantine()
    assert line == 7
    assert text == "\t".join(rows[-1])
    assert "cost_micros '1,5 (times 1000000)' is not a number" in reasons


@pytest.mark.parametrize("written", ["1E3", "12.00000000000", "0.0000001", "about 7"])
def test_a_cost_that_cannot_be_made_micros_is_no_number(office: Office, written: str) -> None:
    row = [*GOOGLE_ROWS[0][:5], written, *GOOGLE_ROWS[0][6:]]
    entry = office.load(GOOGLE, google("\t", [row]))
    assert (entry.rows.new, entry.rows.quarantined) == (0, 1)


def test_a_campaign_named_like_a_total_is_a_record(office: Office) -> None:
    header = ["Campaign", "Day", "Customer ID", "Campaign ID", "Cost", "Impr."]
    rows = [
        ["Totally new", "2026-03-10", "1", "2", "5", "6"],
        ["Total", "--", "--", "--", "5", "6"],
    ]
    entry = office.load(GOOGLE, sheet([header, *rows], "\t"))
    assert (entry.rows.read, entry.rows.new) == (1, 1)


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_linkedin_screen_export_has_american_dates_below_a_preamble(
    office: Office, delimiter: str
) -> None:
    header = ["Start Date (in UTC)", "Campaign ID", "Campaign Name", "Currency", "Total Spent"]
    rows = [["3/9/2026", "55001", "Leaders", "GBP", "41.25"], ["Total", "", "", "GBP", "41.25"]]
    above = ["Campaign Performance Report (in UTC)", "", "Date Generated: 3/14/2026"]
    entry = office.load(LINKEDIN, sheet([header, *rows], delimiter, above))
    assert (entry.status, entry.rows.read, entry.rows.new) == ("loaded", 1, 1)
    assert office.query(
        "select day::varchar, campaign_id, cost_in_local_currency::decimal(18,2)::varchar,"
        " currency_code, _line_number from raw_linkedin_ads.campaign_daily"
    ) == [("2026-03-09", "55001", "41.25", "GBP", 5)]


META_HEADER = ["Reporting starts", "Reporting ends", "Campaign ID", "Campaign name", "Ad set name"]
META_HEADER += ["Ad name", "Amount spent (GBP)", "Impressions"]
META_DAY = ["2026-03-10", "2026-03-10", "88001", "Spring", "UK 30+", "Clip", "12.40", "900"]
META_TOTAL = ["2026-03-10", "2026-03-12", "", "", "", "", "12.40", "900"]


def test_meta_names_the_currency_in_a_header_and_takes_names_where_there_are_no_ids(
    office: Office,
) -> None:
    entry = office.load(META, sheet([META_HEADER, META_TOTAL, META_DAY]))
    assert (entry.status, entry.rows.read, entry.rows.new) == ("loaded", 1, 1)
    assert office.query(
        "select campaign_id, adset_id, ad_id, spend::varchar, currency_code,"
        " date_stop::varchar, _line_number from raw_meta_ads.campaign_daily"
    ) == [("88001", "name:UK 30+", "name:Clip", "12.40", "GBP", "2026-03-10", 3)]
    assert "adset_id is missing, adset_name is taken in its place" in told(entry)
    assert "1 line is a total and no record; the first is line 2" in told(entry)


def test_a_row_without_a_name_in_place_of_an_id_has_no_key(office: Office) -> None:
    row = [*META_DAY[:4], "", *META_DAY[5:]]
    entry = office.load(META, sheet([META_HEADER, META_DAY, row]))
    assert (entry.rows.new, entry.rows.quarantined) == (1, 1)
    ((_, _, reasons),) = office.quarantine()
    assert "adset_id is required, but empty" in reasons


def test_a_report_without_ads_lacks_a_key_that_nothing_replaces(office: Office) -> None:
    entry = office.load(META, sheet([[*META_HEADER[:5], *META_HEADER[6:]]]))
    assert entry.status == "rejected"
    assert "the header lacks the required column ad_id" in str(entry.error)


def test_hubspot_labels_times_and_a_missing_stamp_are_known(office: Office) -> None:
    office.deliver(f"hubspot/deals/{DAY}/_profile.yaml", "timezone: Europe/Paris\n")
    header = ["Record ID", "Deal Name", "Deal Stage", "Amount", "Close Date", "Deal owner"]
    header += ["Associated Company IDs"]
    row = ["9001", "Renewal", "Contract sent", "1500", "2026-03-20 17:30", "Ada Stone", "41;42"]
    entry = office.load(DEALS, "\ufeff" + sheet([header, row]))
    assert (entry.status, entry.rows.new) == ("loaded", 1)
    assert office.query(
        "select id, dealstage, closedate::varchar, hubspot_owner_name, associated_company_ids,"
        " updated_at from raw_hubspot.deals"
    ) == [("9001", "Contract sent", "2026-03-20 16:30:00", "Ada Stone", "41;42", None)]


def test_what_hubspot_writes_with_more_decimals_is_rounded_half_up(office: Office) -> None:
    deal = {
        "id": "7001",
        "properties": {
            "hs_deal_stage_probability": "0.40000000000000002220446049250313080847263336181640625",
            "amount_in_home_currency": "1099.00000000000000000550",
        },
        "updatedAt": "2026-03-01T08:00:00Z",
    }
    over = {"id": "7002", "properties": {"hs_deal_stage_probability": "1.5"}}
    amount = {"id": "7003", "properties": {"amount": "10.005"}}
    lines = "".join(json.dumps(line) + "\n" for line in (deal, over, amount))
    entry = office.load(f"hubspot/deals/{DAY}/deals.jsonl", lines)
    assert (entry.rows.new, entry.rows.quarantined) == (1, 2)
    assert office.query(
        "select hs_deal_stage_probability::varchar, amount_in_home_currency::varchar"
        " from raw_hubspot.deals"
    ) == [("0.400000", "1099.000000000000000006")]
    reasons = [str(reason) for _, _, reason in office.quarantine()]
    assert "above the maximum 1" in reasons[0]
    assert "never rounded (DECIMAL(18,2))" in reasons[1]


def test_a_quota_sheet_names_the_currency_in_a_header_and_needs_no_type(office: Office) -> None:
    rows = [["Rep", "Month", "Quota EUR"], ["E7", "2026-01-01", "90000"], ["Total", "", "90000"]]
    entry = office.load(QUOTA, sheet(rows))
    assert (entry.status, entry.rows.read, entry.rows.new) == ("loaded", 1, 1)
    assert office.query(
        "select employee_id, quota_type, amount::varchar, currency_code from raw_company.quota"
    ) == [("E7", "Bookings", "90000.00", "EUR")]
    assert "quota_type is missing, 'Bookings' is taken in its place" in told(entry)


def test_quotas_in_two_currencies_side_by_side_are_refused(office: Office) -> None:
    entry = office.load(QUOTA, sheet([["Rep", "Month", "Quota EUR", "Quota USD"]]))
    assert "names 'Quota USD' twice (columns 3 and 4)" in str(entry.error)


def test_a_roster_without_numbers_knows_people_by_their_names(office: Office) -> None:
    rows = [["Rep", "Role", "From", "To"], ["Ada Stone", "AE", "2025-01-01", ""]]
    office.load(ROSTER, sheet(rows))
    assert office.query("select employee_id, employee_name from raw_company.roster") == [
        ("Ada Stone", "Ada Stone")
    ]


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_sessions_have_the_compact_dates_of_bigquery(office: Office, form: str) -> None:
    path = f"ga4/sessions/{DAY}/s.{form}"
    if form == "jsonl":
        line = {"user_pseudo_id": "u.1", "ga_session_id": 1, "event_date": "20260310"}
        content: str | bytes = json.dumps(line) + "\n"
    else:
        file = office.home / "s.parquet"
        office.connection.execute(
            "copy (select 'u.1' as user_pseudo_id, 1::BIGINT as ga_session_id,"
            f" '20260310' as event_date) to '{file}' (format parquet)"
        )
        content = file.read_bytes()
    assert office.load(path, content).rows.new == 1
    assert office.query("select ga_session_id, event_date::varchar from raw_ga4.sessions") == [
        ("1", "2026-03-10")
    ]


def test_a_profile_goes_before_the_form(office: Office) -> None:
    office.deliver(
        f"google_ads/campaign_daily/{DAY}/_profile.yaml",
        "decimal_mark: ','\nthousands_mark: '.'\nnull_texts: ['n/a']\n",
    )
    row = [*GOOGLE_ROWS[0][:5], "2.450,75", "18.400", "310", "n/a"]
    office.load(GOOGLE, google("\t", [row]))
    assert google_days(office) == GOOGLE_LOADED[:1]


def test_the_copying_time_of_a_tool_is_no_part_of_a_record(office: Office) -> None:
    columns = "id,name,system_modstamp,_fivetran_synced\n"
    first = office.load(
        f"salesforce/Account/{DAY}/a.csv",
        f"{columns}001000000000001,Contoso,2026-03-01T08:00:00Z,2026-03-02T01:00:00Z\n",
    )
    second = office.load(
        f"salesforce/Account/{DAY}/b.csv",
        f"{columns}001000000000001,Contoso,2026-03-01T08:00:00Z,2026-03-03T01:00:00Z\n",
    )
    assert (first.rows.new, second.rows.unchanged) == (1, 1)
    assert office.query("select _extra from raw_salesforce.account") == [(None,)]
