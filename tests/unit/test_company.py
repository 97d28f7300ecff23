from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from orchestration.company import CompanyError, default_company, load_company
from orchestration.settings import Settings


def company_of(home: Path, text: str):
    (home / "company.yaml").write_text(text, encoding="utf-8")
    return load_company(Settings(home=home))


def test_without_a_company_file_the_defaults_of_the_dbt_project_hold(tmp_path):
    assert load_company(Settings(home=tmp_path)) == default_company()
    assert default_company().reporting_currency == "USD"


def test_a_choice_in_the_company_file_is_seen_by_python_and_dbt_alike(tmp_path):
    company = company_of(
        tmp_path, "business_timezone: Asia/Ho_Chi_Minh\nfiscal_year_start_month: 2\n"
    )
    assert company.zone.key == "Asia/Ho_Chi_Minh"
    variables = company.dbt_vars(dt.date(2026, 6, 30))
    assert variables["business_timezone"] == "Asia/Ho_Chi_Minh"
    assert variables["fiscal_year_start_month"] == 2
    assert variables["as_of_date"] == "2026-06-30"
    assert variables["week_start"] == "monday"


def test_an_unset_as_of_date_is_no_variable(tmp_path):
    assert "as_of_date" not in load_company(Settings(home=tmp_path)).dbt_vars()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("reporting_curency: EUR\n", ["reporting_curency", "is no choice", "reporting_currency"]),
        ("reporting_currency: euro\n", ["reporting_currency", "'euro'"]),
        ("business_timezone: Hanoi\n", ["business_timezone", "Hanoi", "IANA"]),
        ("fiscal_year_start_month: 13\n", ["fiscal_year_start_month", "12"]),
        ("week_start: Monday\n", ["week_start", "monday"]),
        ("recurring_term_months: 0\n", ["recurring_term_months", "1"]),
        ("recurring_opportunity_types: Renewal\n", ["recurring_opportunity_types", "Renewal"]),
        ("campaign_matches: {google: 701}\n", ["campaign_matches.google", "linkedin"]),
        ("web_visitor_id: cookie\n", ["web_visitor_id", "email_sha256"]),
        ("- USD\n", ["key: value"]),
        (
            "custom_fields: {salesforce: {Oportunity: {ARR__c: string}}}\n",
            ["'salesforce/Oportunity' takes no custom fields", "salesforce/Opportunity"],
        ),
        ("custom_fields: {salesforce: {Lead: {ARR__c: number}}}\n", ["Lead.ARR__c", "decimal"]),
        ("custom_fields: {salesforce: {Lead: {Name: string}}}\n", ["Lead.Name", "__c"]),
        (
            "custom_fields: {salesforce: {Lead: {A__c: date, a__c: date}}}\n",
            ["'salesforce/Lead' names a field twice"],
        ),
        ("a: [\n", ["YAML"]),
        ("business_hours: {start: '18:00', end: '09:00', days: [monday]}\n", ["later than"]),
    ],
)
def test_a_wrong_key_or_value_is_refused_with_file_key_and_cure(tmp_path, text, words):
    with pytest.raises(CompanyError) as error:
        company_of(tmp_path, text)
    for word in ["company.yaml", *words]:
        assert word in str(error.value)


def test_an_hour_without_quotes_is_the_hour_that_was_meant(tmp_path):
    company = company_of(tmp_path, "business_hours: {start: 8:30, end: 18:00, days: [monday]}\n")
    assert (company.business_hours.start, company.business_hours.end) == (
        dt.time(8, 30),
        dt.time(18),
    )


def test_a_file_that_the_environment_names_must_exist(tmp_path, monkeypatch):
    monkeypatch.setenv("SALESOPS_COMPANY", str(tmp_path / "mine.yaml"))
    with pytest.raises(CompanyError, match=r"mine\.yaml: no such file"):
        load_company(Settings(home=tmp_path))


def test_home_may_be_given_relative_to_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SALESOPS_HOME", "here")
    assert Settings().warehouse_file == tmp_path / "here" / "warehouse" / "warehouse.duckdb"


def test_a_secret_does_not_show_in_the_settings(monkeypatch):
    monkeypatch.setenv("SALESOPS_ALERT_WEBHOOK", "https://hooks.example.com/T0/secret")
    assert "secret" not in repr(Settings())
