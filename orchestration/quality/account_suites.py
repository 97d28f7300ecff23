"""Checks of the marts about accounts, products and territories."""

from __future__ import annotations

from orchestration.quality.check import between, no_rows
from orchestration.quality.mart import Mart


def account_marts() -> tuple[Mart, ...]:
    """The marts of this room, in the order in which they are read."""
    return (
        _account_history(), _products(), _territories(), _account_360(), _account_monthly(),
        _retention(),
    )  # fmt: skip


def _account_history() -> Mart:
    mart = Mart("dim_account_history", "account_key", "valid_from")
    mart.must_have_keys()
    mart.must_have_rows_of("marts.dim_account")
    mart.must_follow_without_gaps("account_key")
    return mart


def _products() -> Mart:
    mart = Mart("dim_product", "product_key")
    mart.must_have_keys()
    mart.must_have_rows_of("raw_salesforce.product2")
    return mart


def _territories() -> Mart:
    mart = Mart("dim_territory", "territory_key")
    mart.must_have_keys()
    mart.must_have_rows_of("raw_salesforce.territory2")
    mart.must(
        "parents_are_territories",
        "Every parent is a territory that was extracted.",
        mart.never(
            "parent_territory_key not in (select territory_key from marts.dim_territory)",
            "parents are territories",
        ),
        severity="warning",
    )
    return mart


def _account_360() -> Mart:
    mart = Mart("mart_account_360", "account_key")
    mart.must_have_keys()
    mart.must(
        "accounts_are_there",
        "Every account that was not merged away has its row.",
        no_rows(
            """
            select account_key from marts.dim_account
            where not is_merged and account_key not in (select account_key from {table})
            """,
            "no account is lost",
        ),
    )
    mart.must(
        "values_are_known",
        "Counts are not negative, rates are from 0 to 1, and a customer bought something.",
        between("open_count", 0),
        between("won_count", 0),
        between("win_rate", 0, 1),
        mart.never("is_customer <> (won_count > 0)", "customers bought something"),
    )
    mart.must(
        "bookings_agree_with_the_opportunities",
        "Accounts together have booked what the won opportunities that name one add up to.",
        no_rows(
            """
            select accounts.amount, opportunities.amount as opportunity_amount
            from (select coalesce(sum(bookings_amount), 0) as amount from {table}) as accounts
            cross join (
                select coalesce(sum(amount), 0) as amount from marts.fct_opportunity
                where is_won and account_key is not null
                    and close_date <= (select as_of_date from intermediate.int_as_of_date)
            ) as opportunities
            where accounts.amount <> opportunities.amount
            """,
            "bookings are those of the won opportunities",
        ),
    )
    return mart


def _account_monthly() -> Mart:
    mart = Mart("mart_account_monthly", "account_key", "month_start_date")
    mart.must_have_keys()
    mart.must(
        "months_follow_without_gaps",
        "From an account's first month on none is missing.",
        no_rows(
            """
            select account_key, month_start_date from {table}
            qualify
                lead(month_start_date) over (partition by account_key order by month_start_date)
                <> month_start_date + interval 1 month
            """,
            "the next month follows",
        ),
    )
    mart.must(
        "changes_lead_to_what_recurs",
        "What is new, grows, shrinks and is lost leads from one month's amount to the next one's.",
        no_rows(
            """
            select account_key, month_start_date from {table}
            qualify
                recurring_amount <> new_recurring_amount + expansion_amount
                - contraction_amount - churned_amount
                + coalesce(
                    lag(recurring_amount) over (
                        partition by account_key order by month_start_date
                    ), 0
                )
            """,
            "changes lead to what recurs",
        ),
    )
    return mart


def _retention() -> Mart:
    mart = Mart("mart_retention", "cohort_month_start_date", "month_start_date")
    mart.must_have_keys()
    mart.must(
        "values_are_known",
        "Without growth nobody keeps more than there was, and the first month keeps all.",
        between("gross_revenue_retention_rate", 0, 1),
        between("account_retention_rate", 0, 1),
        mart.never(
            "gross_revenue_retention_rate > net_revenue_retention_rate",
            "growth does not lessen what is kept",
        ),
        mart.never(
            "months_since_start = 0 and net_revenue_retention_rate <> 1",
            "a cohort starts with all it has",
        ),
    )
    mart.must(
        "changes_lead_to_what_recurs",
        "Start, growth and losses add up to what recurs, to the cent.",
        mart.never(
            "recurring_amount"
            " <> starting_amount + expansion_amount - contraction_amount - churned_amount",
            "changes lead to what recurs",
        ),
    )
    return mart
