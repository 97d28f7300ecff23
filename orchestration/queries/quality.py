"""How far figures can be trusted: checks, refused rows, freshness, and the money in question."""

from __future__ import annotations

import duckdb
import pandas as pd

_CHECKED = "run_id = (select run_id from ops.publication order by version desc limit 1)"


def totals(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row: counts of what needs attention in the published version."""
    return db.execute(
        f"""
        select
            (select count(*) from ops.check_result where {_CHECKED} and status = 'passed')
                as passed_check_count,
            (select count(*) from ops.check_result where {_CHECKED} and status != 'passed')
                as failed_check_count,
            (select count(*) from ops.quarantined_row where not is_mended)
                as quarantined_row_count,
            (select count(*) from ops.load_ledger where status = 'rejected' and not is_acknowledged)
                as rejected_file_count,
            (select count(*) from ops.schema_change) as schema_change_count
        """
    ).df()


def affected(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per object and check that something fails: rows and money, most money first."""
    return db.execute(
        """
        select
            source || '/' || object as object,
            check_name,
            severity,
            rows_affected,
            amount_affected,
            currency_code,
            first_example,
            description
        from ops.data_quality_summary
        order by amount_affected desc nulls last, rows_affected desc, object, check_name
        """
    ).df()


def checks(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per check of the published version, what failed first, and since when it does."""
    return db.execute(
        f"""
        select
            status,
            severity,
            table_name,
            check_name,
            failed_count,
            affected_amount,
            failing_since,
            description,
            array_to_string(sample_keys, ', ') as sample_keys
        from ops.check_result
        where {_CHECKED}
        order by
            status = 'passed',
            severity,
            affected_amount desc nulls last,
            table_name,
            check_name
        """
    ).df()


def quarantined(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per refused row that no later extract mends, at most 500."""
    return db.execute(
        """
        select
            source || '/' || object as object,
            record_key,
            array_to_string(reasons, '; ') as reasons,
            amount as amount_original,
            currency_code,
            extract_date,
            file_name,
            line_number
        from ops.quarantined_row
        where not is_mended
        order by object, extract_date, file_name, line_number
        limit 500
        """
    ).df()


def freshness(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per object: its newest extract, how many days that is behind, what it held."""
    return db.execute(
        """
        select
            source || '/' || object as object,
            max(extract_date) filter (where status != 'rejected') as extract_date,
            max(max(extract_date)) over () - max(extract_date) filter (where status != 'rejected')
                as behind_days,
            count(*) filter (where status = 'rejected' and not is_acknowledged) as rejected_count,
            cast(sum(rows_read) as bigint) as rows_read,
            cast(sum(rows_new) as bigint) as rows_new,
            cast(sum(rows_changed) as bigint) as rows_changed,
            cast(sum(rows_quarantined) as bigint) as rows_quarantined,
            max(error) filter (where status = 'rejected' and not is_acknowledged) as error
        from ops.load_ledger
        group by source, object
        order by rejected_count desc, behind_days desc nulls first, source, object
        """
    ).df()


def schema_changes(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per column that an extract brought or lacked against its contract."""
    return db.execute(
        """
        select
            source || '/' || object as object,
            column_name,
            change,
            first_extract_date,
            last_extract_date
        from ops.schema_change
        order by all
        """
    ).df()
