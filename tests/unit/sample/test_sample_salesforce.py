"""The extracts hold together the way Salesforce's do."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pytest
from sample_files import FIRST, SECOND, Row, Sample

from orchestration.sample.ids import salesforce_id

HISTORY_FIELDS = ("StageName", "Amount", "ExpectedRevenue", "CloseDate", "Probability")


@pytest.fixture(scope="module")
def deals(sample: Sample) -> list[Row]:
    return sample.rows("Opportunity", SECOND)


@pytest.fixture(scope="module")
def histories(sample: Sample) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in sample.both("OpportunityHistory"):
        found[row["OpportunityId"]].append(row)
    return {deal: sorted(rows, key=lambda row: row["CreatedDate"]) for deal, rows in found.items()}


@pytest.fixture(scope="module")
def owner_changes(sample: Sample) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in sample.both("OpportunityFieldHistory"):
        found[row["OpportunityId"]].append(row)
    return found


def test_a_history_begins_at_the_creation_and_each_row_changes_something(
    deals: list[Row], histories: dict[str, list[Row]]
) -> None:
    assert {deal["Id"] for deal in deals} == set(histories)
    for deal in deals:
        rows = histories[deal["Id"]]
        assert rows[0]["CreatedDate"] == deal["CreatedDate"]
        for before, after in pairwise(rows):
            assert before["CreatedDate"] < after["CreatedDate"]
            assert any(
                before[field] != after[field] for field in (*HISTORY_FIELDS, "ForecastCategory")
            )


@pytest.mark.parametrize("day", [FIRST, SECOND])
def test_a_record_equals_its_last_history_row_but_for_the_planted_contradictions(
    sample: Sample, histories: dict[str, list[Row]], day: str
) -> None:
    differing = set()
    for deal in sample.rows("Opportunity", day):
        known = [row for row in histories[deal["Id"]] if row["CreatedDate"][:10] <= day]
        fields = (*HISTORY_FIELDS, "ForecastCategory")
        if [known[-1][field] for field in fields] != [deal[field] for field in fields]:
            differing.add(deal["Id"])
    assert differing <= set(sample.summary.contradictions)
    if day == SECOND:
        assert differing == set(sample.summary.contradictions)
        assert len(differing) == 3


def test_a_record_is_stamped_with_its_last_change(
    deals: list[Row],
    histories: dict[str, list[Row]],
    owner_changes: dict[str, list[Row]],
    sample: Sample,
) -> None:
    for deal in deals:
        if deal["IsDeleted"] == "true" or deal["Id"] in sample.summary.contradictions:
            continue
        rows = histories[deal["Id"]] + owner_changes.get(deal["Id"], [])
        assert deal["SystemModstamp"] == max(row["CreatedDate"] for row in rows)


def test_flags_follow_the_stage(deals: list[Row]) -> None:
    for deal in deals:
        closed = deal["StageName"] in ("Closed Won", "Closed Lost")
        assert deal["IsClosed"] == str(closed).lower()
        assert deal["IsWon"] == str(deal["StageName"] == "Closed Won").lower()
        if closed:
            assert deal["ForecastCategory"] in ("Closed", "Omitted")


def test_nearly_every_win_has_the_day_of_its_closing_as_close_date(
    deals: list[Row], histories: dict[str, list[Row]]
) -> None:
    won = [deal for deal in deals if deal["IsWon"] == "true"]
    on_the_day = [
        deal for deal in won if histories[deal["Id"]][-1]["CreatedDate"][:10] == deal["CloseDate"]
    ]
    assert 0.95 < len(on_the_day) / len(won) < 1


def test_an_owner_change_is_two_rows_of_names_and_ids_that_lead_to_the_owner(
    deals: list[Row], owner_changes: dict[str, list[Row]], sample: Sample
) -> None:
    names = {user["Id"]: user["Name"] for user in sample.rows("User", SECOND)}
    owners = {deal["Id"]: deal["OwnerId"] for deal in deals}
    for deal, rows in owner_changes.items():
        by_name = [row for row in rows if row["DataType"] == "Text"]
        by_id = [row for row in rows if row["DataType"] == "EntityId"]
        assert len(by_name) == len(by_id) == len(rows) / 2
        for named, identified in zip(by_name, by_id, strict=True):
            assert named["CreatedDate"] == identified["CreatedDate"]
            assert named["OldValue"] == names[identified["OldValue"]]
            assert named["NewValue"] == names[identified["NewValue"]]
        assert max(by_id, key=lambda row: row["CreatedDate"])["NewValue"] == owners[deal]


def test_everything_that_can_happen_to_a_deal_happens(
    deals: list[Row], histories: dict[str, list[Row]], owner_changes: dict[str, list[Row]]
) -> None:
    order = ("Prospecting", "Qualification", "Needs Analysis", "Proposal/Price Quote")
    order += ("Negotiation/Review", "Closed Won", "Closed Lost")
    pushed = reopened = back = skipped = 0
    for rows in histories.values():
        for before, after in pairwise(rows):
            old, new = order.index(before["StageName"]), order.index(after["StageName"])
            pushed += new == old and after["CloseDate"][:7] > before["CloseDate"][:7]
            reopened += old >= 5 > new
            back += new < old < 5
            skipped += old + 1 < new < 5
    assert min(pushed, back, skipped) > 100
    assert reopened > 10
    assert len(owner_changes) > 100
    assert sum(not deal["Amount"] for deal in deals) > 20
    assert sum(deal["IsDeleted"] == "true" for deal in deals) > 5
    overdue = [d for d in deals if d["IsClosed"] == "false" and d["CloseDate"] < SECOND]
    assert len(overdue) > 5
    assert {"MostLikely", "Omitted"} < {d["ForecastCategory"] for d in deals if not _closed(d)}


def _closed(deal: Row) -> bool:
    return deal["IsClosed"] == "true"


def test_references_lead_to_records_that_exist(sample: Sample) -> None:
    known = {
        name: {row["Id"] for row in sample.both(name)}
        for name in ("Account", "Campaign", "Lead", "Opportunity", "User", "UserRole")
    }
    references = {
        "Account": {"OwnerId": "User", "ParentId": "Account", "MasterRecordId": "Account"},
        "Campaign": {"ParentId": "Campaign", "OwnerId": "User"},
        "CampaignMember": {"CampaignId": "Campaign", "LeadId": "Lead"},
        "Event": {"WhatId": "Opportunity", "OwnerId": "User", "AccountId": "Account"},
        "ForecastingQuota": {"QuotaOwnerId": "User"},
        "Lead": {"OwnerId": "User", "ConvertedOpportunityId": "Opportunity"},
        "Opportunity": {"AccountId": "Account", "OwnerId": "User", "CampaignId": "Campaign"},
        "OpportunityHistory": {"OpportunityId": "Opportunity", "CreatedById": "User"},
        "Task": {"WhatId": "Opportunity", "WhoId": "Lead", "OwnerId": "User"},
        "User": {"ManagerId": "User", "UserRoleId": "UserRole"},
    }
    for name, columns in references.items():
        for row in sample.both(name):
            for column, target in columns.items():
                assert not row[column] or row[column] in known[target], (name, column, row)


def test_no_two_records_of_an_extract_share_an_id(sample: Sample) -> None:
    for file in sample.summary.rows:
        source, name, day, _ = file.split("/")
        if source == "salesforce":
            rows = sample.rows(name, day)
            assert len({row["Id"] for row in rows}) == len(rows), file
            assert all(len(row["Id"]) == 18 for row in rows)
    assert len(salesforce_id("006", 0)) == 18


def test_the_second_extract_has_all_opportunities_and_only_news_of_what_is_big(
    sample: Sample,
) -> None:
    first = {row["Id"] for row in sample.rows("Opportunity", FIRST)}
    second = {row["Id"] for row in sample.rows("Opportunity", SECOND)}
    assert first < second
    for name in ("Account", "CampaignMember", "Event", "Lead", "OpportunityHistory", "Task"):
        news = sample.rows(name, SECOND)
        assert news
        assert {row["SystemModstamp"][:7] for row in news} == {"2026-06"}, name


def test_nothing_in_an_extract_is_newer_than_the_extract(sample: Sample) -> None:
    for name in ("Account", "Lead", "Opportunity", "OpportunityHistory", "Task", "User"):
        for day in (FIRST, SECOND):
            assert max(row["SystemModstamp"] for row in sample.rows(name, day))[:10] <= day


def test_some_deals_are_deleted_between_the_extracts(sample: Sample) -> None:
    before = {row["Id"]: row["IsDeleted"] for row in sample.rows("Opportunity", FIRST)}
    deleted = [
        row
        for row in sample.rows("Opportunity", SECOND)
        if row["IsDeleted"] == "true" and before[row["Id"]] == "false"
    ]
    assert len(deleted) == 4
    assert {row["SystemModstamp"][:10] for row in deleted} == {"2026-06-16"}


def test_a_task_that_was_open_in_the_first_extract_is_done_in_the_second(sample: Sample) -> None:
    was_open = {r["Id"] for r in sample.rows("Task", FIRST) if r["IsClosed"] == "false"}
    done = {r["Id"]: r for r in sample.rows("Task", SECOND) if r["IsClosed"] == "true"}
    assert was_open & done.keys()
    assert all(row["CompletedDateTime"] for row in done.values())


def test_a_lead_is_there_before_its_campaigns_answers_and_conversion(sample: Sample) -> None:
    leads = {row["Id"]: row for row in sample.both("Lead")}
    deals = {row["Id"]: row for row in sample.rows("Opportunity", SECOND)}
    for member in sample.both("CampaignMember"):
        if member["LeadId"]:
            assert leads[member["LeadId"]]["CreatedDate"] < member["CreatedDate"]
        assert member["FirstRespondedDate"] <= member["SystemModstamp"][:10]
    converted = [lead for lead in leads.values() if lead["IsConverted"] == "true"]
    assert len(converted) > 200
    for lead in converted:
        deal = deals[lead["ConvertedOpportunityId"]]
        assert lead["CreatedDate"] < deal["CreatedDate"]
        assert lead["ConvertedDate"] == deal["CreatedDate"][:10]
        assert lead["ConvertedAccountId"] == deal["AccountId"]
        assert lead["ConvertedContactId"] == deal["ContactId"]


def test_a_membership_names_the_contact_once_its_lead_is_converted(sample: Sample) -> None:
    converted = {row["Id"]: row["ConvertedContactId"] for row in sample.both("Lead")}
    newest = {row["Id"]: row for row in sample.both("CampaignMember")}
    for member in newest.values():
        if member["LeadId"]:
            assert member["ContactId"] == converted[member["LeadId"]]


def test_rates_are_dated_without_gaps(sample: Sample) -> None:
    rates = defaultdict(list)
    for row in sample.rows("DatedConversionRate", SECOND):
        rates[row["IsoCode"]].append((row["StartDate"], row["NextStartDate"]))
    assert set(rates) == {"USD", "EUR", "VND"}
    for spans in rates.values():
        assert [end for _, end in spans[:-1]] == [start for start, _ in spans[1:]]
        assert spans[-1][1] == "9999-12-31"
