from orchestration.quality.mart_suites import mart_checks

MARTS = {
    "dim_account", "dim_date", "dim_stage", "dim_user", "dim_user_history", "fct_activity",
    "fct_ad_performance_daily", "fct_opportunity", "fct_opportunity_history", "fct_quota",
    "fct_opportunity_deletion", "fct_exchange_rate",
    "dim_account_history", "dim_product", "dim_territory", "mart_account_360",
    "mart_account_monthly", "mart_deal_health", "mart_pipeline_daily",
    "mart_quota_attainment_daily", "mart_rep_ramp", "mart_retention", "mart_sales_velocity",
    "mart_stage_ageing", "mart_win_loss", "mart_rep_performance", "mart_team_performance",
    "dim_contact", "dim_campaign", "fct_lead", "fct_touchpoint", "fct_attribution",
    "mart_campaign_performance", "mart_channel_performance", "mart_lead_funnel",
    "mart_lead_response", "fct_forecast_submission",
}  # fmt: skip


def test_every_mart_has_a_blocking_check_of_its_keys():
    blocking = {c.table for c in mart_checks() if c.name == "keys_are_unique"}
    assert blocking == MARTS
    assert all(c.severity == "critical" for c in mart_checks() if c.name == "keys_are_unique")


def test_the_checks_of_a_mart_have_distinct_names_and_follow_one_another():
    names = [(check.table, check.name) for check in mart_checks()]
    assert len(names) == len(set(names))
    tables = [check.table for check in mart_checks()]
    runs = [table for number, table in enumerate(tables) if tables[number - 1] != table]
    assert len(runs) == len(MARTS)


def test_every_check_says_what_it_promises():
    for check in mart_checks():
        assert check.description.endswith("."), check.name
        assert all(expectation.promise for expectation in check.expectations)
