"""Sound marts about accounts, products and territories, and what breaks each promise about them.

They belong to the company of ``test_marts``: account x, into which y was merged, won 100.00 in May.
"""

TABLES = """
alter table marts.fct_opportunity add column account_key varchar default 'x';
create table raw_salesforce.product2 as select 'p' as id;
create table raw_salesforce.territory2 as select unnest(['t1', 't2']) as id;
create table marts.dim_account_history as
    select * from (values
        ('x', timestamp '1900-01-01', timestamp '2026-02-01'), ('x', timestamp '2026-02-01', null)
    ) as versions (account_key, valid_from, valid_to);
create table marts.dim_product as select 'p' as product_key;
create table marts.dim_territory as
    select * from (values ('t1', null), ('t2', 't1')) as t (territory_key, parent_territory_key);
create table marts.mart_account_360 as
    select
        'x' as account_key, 1 as open_count, 1 as won_count, 1.0 as win_rate,
        100.00 as bookings_amount, true as is_customer;
create table marts.mart_account_monthly as
    select
        'x' as account_key, *
    from (values
        (date '2026-04-01', 40.00, 40.00, 0.00, 0.00, 0.00),
        (date '2026-05-01', 100.00, 0.00, 60.00, 0.00, 0.00),
        (date '2026-06-01', 0.00, 0.00, 0.00, 0.00, 100.00)
    ) as months (
        month_start_date, recurring_amount, new_recurring_amount, expansion_amount,
        contraction_amount, churned_amount
    );
create table marts.mart_retention as
    select date '2026-04-01' as cohort_month_start_date, *
    from (values
        (date '2026-04-01', 0, 40.00, 0.00, 0.00, 0.00, 40.00, 1.0, 1.0, 1.0),
        (date '2026-05-01', 1, 40.00, 60.00, 0.00, 0.00, 100.00, 2.5, 1.0, 1.0)
    ) as months (
        month_start_date, months_since_start, starting_amount, expansion_amount,
        contraction_amount, churned_amount, recurring_amount, net_revenue_retention_rate,
        gross_revenue_retention_rate, account_retention_rate
    );
"""
BREAKAGES = {
    "dim_account_history": {
        "keys_are_unique": "insert into {t} from {t} where valid_to is null",
        "rows_are_there": "delete from {t}",
        "versions_follow_without_gaps": (
            "update {t} set valid_to = '2026-01-31' where valid_to is not null"
        ),
    },
    "dim_product": {
        "keys_are_unique": "insert into {t} from {t}",
        "rows_are_there": "delete from {t}",
    },
    "dim_territory": {
        "keys_are_unique": "insert into {t} from {t} where territory_key = 't2'",
        "rows_are_there": "delete from {t}",
        "parents_are_territories": "delete from {t} where territory_key = 't1'",
    },
    "mart_account_360": {
        "keys_are_unique": "insert into {t} from {t}",
        "accounts_are_there": "delete from {t}",
        "values_are_known": "update {t} set is_customer = false",
        "bookings_agree_with_the_opportunities": "update {t} set bookings_amount = 99.99",
    },
    "mart_account_monthly": {
        "keys_are_unique": "insert into {t} from {t} where month_start_date = '2026-05-01'",
        "months_follow_without_gaps": "delete from {t} where month_start_date = '2026-05-01'",
        "changes_lead_to_what_recurs": (
            "update {t} set expansion_amount = 59.99 where month_start_date = '2026-05-01'"
        ),
    },
    "mart_retention": {
        "keys_are_unique": "update {t} set month_start_date = '2026-04-01'",
        "values_are_known": "update {t} set gross_revenue_retention_rate = 2.5"
        " where months_since_start = 1",
        "changes_lead_to_what_recurs": (
            "update {t} set churned_amount = 0.01 where months_since_start = 1"
        ),
    },
}
