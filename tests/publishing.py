"""A small warehouse that tests publish."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.publish import publication
from orchestration.publish.publication import Publication
from orchestration.settings import Settings

TABLES = """
create schema marts; create schema intermediate; create schema ops;
create table intermediate.int_as_of_date as select date '2026-06-30' as as_of_date;
create table marts.fct_opportunity (opportunity_key varchar, amount decimal(18, 2), email varchar);
insert into marts.fct_opportunity values
    ('salesforce:1', 100.00, 'an@example.com'), ('salesforce:2', 250.50, null);
comment on table marts.fct_opportunity is 'One row per opportunity, the company''s own.';
comment on column marts.fct_opportunity.amount is 'In the reporting currency.';
create view marts.mart_bookings as select sum(amount) as bookings_amount from marts.fct_opportunity;
create macro marts.bookings_above(lowest) as table
    select opportunity_key from marts.fct_opportunity where amount > lowest;
comment on macro table marts.bookings_above is 'One row per opportunity above an amount.';
create table intermediate.int_secret as select 1 as x;
create table ops.load_ledger as
    select 'Opportunity' as object, 2 as rows_read, timestamp '2026-07-01 01:00:00' as loaded_at;
create table ops.quarantined_row as
    select 'salesforce/Lead/2026-06-30/leads.csv' as file_name, 7 as line_number,
        'Lan,lan@example.com' as raw_text,
        ['Email ''lan@example.com'' is too long', 'Amount ''x'' is no number'] as reasons;
create table ops.deleted_record as select 'x' as record_key;
create table ops.check_result (
    run_id varchar, checked_at timestamp, check_name varchar, table_name varchar,
    severity varchar, status varchar, failed_count bigint
);
"""


class Company:
    """A small warehouse, and what happens to it."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home)
        self.checks_made = 0
        self.settings.warehouse_file.parent.mkdir(parents=True)
        self.execute(TABLES)

    def execute(self, statement: str) -> None:
        with duckdb.connect(str(self.settings.warehouse_file)) as warehouse:
            warehouse.execute(statement)

    def check(self, run_id: str, status: str = "passed", severity: str = "critical") -> None:
        self.checks_made += 1
        self.execute(
            f"insert into ops.check_result values ('{run_id}',"
            f" '2026-07-01 00:{self.checks_made:02}', 'keys_are_unique', 'marts.fct_opportunity',"
            f" '{severity}', '{status}', {int(status == 'failed')})"
        )

    def set_amounts(self, amount: int) -> None:
        self.execute(f"update marts.fct_opportunity set amount = {amount}")

    def publish(self, run_id: str = "run 1") -> Publication:
        return publish(self.settings, run_id=run_id)


def publish(settings: Settings, *, run_id: str) -> Publication:
    """Publish all that is in schema marts."""
    with duckdb.connect(str(settings.warehouse_file), read_only=True) as warehouse:
        marts = warehouse.execute(
            "select distinct name from ("
            " select schema_name, table_name as name from duckdb_tables()"
            " union all select schema_name, view_name from duckdb_views()"
            " union all select schema_name, function_name from duckdb_functions()"
            ") where schema_name = 'marts'"
        ).fetchall()
    return publication.publish(settings, run_id=run_id, marts={name for (name,) in marts})


def make_company(home: Path) -> Company:
    """A company whose run 1 was checked and can be published."""
    company = Company(home)
    company.check("run 1")
    return company
