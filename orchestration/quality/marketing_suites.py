"""Checks of the marketing marts: people, campaigns, touches, and what came of them."""

from __future__ import annotations

from orchestration.quality.check import between, no_rows, not_null, one_of, unique_together
from orchestration.quality.mart import Mart

CAMPAIGN_SOURCES = ("salesforce", "google_ads", "linkedin_ads", "meta_ads")
MATCH_RULES = ("declared", "same_name", "ambiguous_name")
TOUCH_TYPES = ("campaign_response", "ad_click", "web_session", "first_visit", "campaign_source")
MODELS = ("first", "last", "linear", "position", "w_shaped", "time_decay", "markov")
COUNTS = (
    "impression_count", "click_count", "lead_count", "mql_count", "sql_count",
    "opportunity_count", "won_count", "new_customer_count",
)  # fmt: skip
RATES = (
    "response_rate", "lead_to_mql_rate", "mql_to_sql_rate", "sql_to_opportunity_rate",
    "opportunity_to_won_rate", "lead_to_won_rate",
)  # fmt: skip


def marketing_marts() -> tuple[Mart, ...]:
    """The marketing marts with their checks."""
    return (
        _contacts(), _campaigns(), _leads(), _ad_performance(), _touchpoints(), _attribution(),
        _performance("campaign"), _performance("channel"), _lead_funnel(), _lead_response(),
    )  # fmt: skip


def _contacts() -> Mart:
    mart = Mart("dim_contact", "contact_key")
    mart.must_have_keys()
    mart.must(
        "survivors_are_contacts",
        "The contact that a merged one points to is there.",
        mart.never(
            "survivor_contact_key not in (select contact_key from marts.dim_contact)",
            "survivors are contacts",
        ),
        severity="warning",
    )
    return mart


def _campaigns() -> Mart:
    mart = Mart("dim_campaign", "campaign_key")
    mart.must_have_keys()
    mart.must(
        "values_are_known",
        "Systems and rules of matching are known ones.",
        one_of("source_system", CAMPAIGN_SOURCES),
        one_of("match_rule", MATCH_RULES),
    )
    mart.must(
        "figures_are_told_under_a_campaign",
        "The campaign under which figures are told is there, and tells its own.",
        mart.never(
            "reporting_campaign_key not in (select campaign_key from marts.dim_campaign"
            " where reporting_campaign_key = campaign_key)",
            "figures are told under a campaign",
        ),
    )
    mart.must(
        "names_are_not_ambiguous",
        "No advertising campaign has a name that several campaigns of the CRM have.",
        mart.never("match_rule = 'ambiguous_name'", "a name means one campaign"),
        severity="warning",
    )
    return mart


def _leads() -> Mart:
    mart = Mart("fct_lead", "lead_key")
    mart.must_have_keys()
    mart.must(
        "values_are_known",
        "A person begins as a lead or a contact, and nobody is answered before they come.",
        one_of("record_type", ("lead", "contact")),
        between("response_minutes", 0),
        mart.never(
            "response_business_minutes not between 0 and response_minutes",
            "business hours are a part of all hours",
        ),
    )
    mart.must(
        "stages_follow_one_another",
        "Nobody reaches a stage after a later one.",
        mart.never("mql_at > sql_at", "marketing qualifies first"),
        mart.never("sql_at > opportunity_at", "an opportunity is qualified"),
    )
    return mart


def _ad_performance() -> Mart:
    mart = Mart("fct_ad_performance_daily", "ad_performance_key")
    mart.must_have_keys()
    for platform in ("google_ads", "linkedin_ads", "meta_ads"):
        mart.must(
            f"rows_of_{platform}_are_there",
            "The platform has rows when its report has any up to the as-of date.",
            no_rows(_lost_platform(platform), "there are rows"),
        )
    mart.must(
        "figures_are_not_negative",
        "Nothing was shown, clicked or spent less than never.",
        between("impression_count", 0),
        between("click_count", 0),
        between("spend_amount", 0),
    )
    mart.must(
        "amounts_are_converted",
        "Every cost has its value in the reporting currency.",
        mart.never("spend_amount is null and spend_amount_original <> 0", "costs are converted"),
        severity="warning",
    )
    return mart


def _touchpoints() -> Mart:
    mart = Mart("fct_touchpoint", "touchpoint_key")
    mart.must_have_keys()
    mart.must(
        "values_are_known",
        "Kinds of touches are known ones, and each is of a person or of an opportunity.",
        one_of("touch_type", TOUCH_TYPES),
        not_null("channel"),
        mart.never("(lead_key is null) = (opportunity_key is null)", "a touch is of somebody"),
    )
    mart.must(
        "campaigns_are_known",
        "Every campaign that reached somebody is there.",
        mart.never(
            "campaign_key not in (select campaign_key from marts.dim_campaign)",
            "campaigns are known",
        ),
        severity="warning",
    )
    return mart


def _attribution() -> Mart:
    mart = Mart("fct_attribution", "attribution_key")
    mart.must_have_keys()
    mart.must(
        "values_are_known",
        "Models are known ones, and no touch has less than nothing or more than all.",
        one_of("attribution_model", MODELS),
        between("weight", 0, 1),
    )
    mart.must(
        "opportunities_are_shared_out",
        "Each model gives away the whole of an opportunity, and its amount to the cent.",
        no_rows(
            """
            select opportunity_key, attribution_model
            from {table} as shares
            left join marts.fct_opportunity as opportunity using (opportunity_key)
            group by opportunity_key, attribution_model, opportunity.amount
            having
                abs(sum(weight) - 1) > 0.000000001
                or sum(attributed_amount) is distinct from opportunity.amount
            """,
            "shares add up to the whole",
        ),
    )
    return mart


def _performance(grain: str) -> Mart:
    """What campaigns, or channels, cost and brought in each month."""
    key = "campaign_key" if grain == "campaign" else "channel"
    mart = Mart(f"mart_{grain}_performance", "month_start_date", key)
    mart.must(
        "keys_are_unique",
        f"There is one row per month and {grain}.",
        unique_together(mart.key_columns),
        not_null("month_start_date"),
    )
    mart.must(
        "values_are_known",
        "Counts and what was spent are not negative.",
        *(between(count, 0) for count in COUNTS),
        between("spend_amount", 0),
    )
    mart.must(
        "spend_agrees_with_the_platforms",
        "What was spent is what the platforms report, to the cent.",
        no_rows(_spend_difference(), "all that was spent is told"),
    )
    mart.must(
        "won_amounts_agree_with_the_opportunities",
        "What was won, and what each attribution model shares out, is all that was won.",
        no_rows(_won_difference(), "all that was won is told"),
    )
    return mart


def _lead_funnel() -> Mart:
    mart = Mart("mart_lead_funnel", "cohort_month_start_date", "lead_source")
    mart.must_have_keys()
    mart.must(
        "values_are_known",
        "Rates are from 0 to 1.",
        *(between(rate, 0, 1) for rate in RATES),
    )
    mart.must(
        "cohorts_are_all_leads",
        "The people of all cohorts are all leads.",
        no_rows(_lead_difference(), "every lead is in a cohort"),
    )
    return mart


def _lead_response() -> Mart:
    mart = Mart("mart_lead_response", "month_start_date", "owner_key")
    mart.must(
        "keys_are_unique",
        "There is one row per month and owner.",
        unique_together(mart.key_columns),
        not_null("month_start_date"),
    )
    mart.must(
        "values_are_known",
        "Shares are from 0 to 1 and times are not negative.",
        between("within_target_share", 0, 1),
        between("median_response_minutes", 0),
        between("median_response_business_minutes", 0),
    )
    mart.must(
        "owners_answer_for_all_leads",
        "The people of all months and owners are all leads.",
        no_rows(_lead_difference(), "every lead has a row"),
    )
    return mart


def _lost_platform(platform: str) -> str:
    day = "day" if platform == "linkedin_ads" else "date"
    return f"""
        select 0 as row_count
        where
            exists (
                select 1 from raw_{platform}.campaign_daily
                where "{day}" <= (select as_of_date from intermediate.int_as_of_date)
                    and _first_extract_date <= (select as_of_date from intermediate.int_as_of_date)
            )
            and not exists (select 1 from {{table}} where platform = '{platform}')
    """


def _spend_difference() -> str:
    return """
        select told.amount, reported.amount as reported_amount
        from (select coalesce(sum(spend_amount), 0) as amount from {table}) as told
        cross join (
            select coalesce(sum(spend_amount), 0) as amount from marts.fct_ad_performance_daily
        ) as reported
        where told.amount <> reported.amount
    """


def _won_difference() -> str:
    amounts = ["won_amount", *(f"attributed_won_amount_{model}" for model in MODELS)]
    sums = ", ".join(f"coalesce(sum({amount}), 0) as {amount}" for amount in amounts)
    differs = " or ".join(f"told.{amount} <> won.amount" for amount in amounts)
    return f"""
        select told.*, won.amount
        from (select {sums} from {{table}}) as told
        cross join (
            select coalesce(sum(amount), 0) as amount from marts.fct_opportunity
            where is_won and close_date <= (select as_of_date from intermediate.int_as_of_date)
        ) as won
        where {differs}
    """


def _lead_difference() -> str:
    return """
        select told.people, leads.people as lead_count
        from (select coalesce(sum(lead_count), 0) as people from {table}) as told
        cross join (select count(*) as people from marts.fct_lead where is_lead) as leads
        where told.people <> leads.people
    """
