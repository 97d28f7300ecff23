with

load_ledger as (

    select ledger.*
    from {{ source('ops', 'load_ledger') }} as ledger
    cross join {{ ref('int_as_of_date') }} as as_of
    where ledger.extract_date <= as_of.as_of_date or ledger.extract_date is null

),

files_noted as (

    select
        source,
        object,
        'file_can_be_loaded' as check_name,
        'Files that were rejected as a whole, and not acknowledged: they are in no table.'
            as description,
        'critical' as severity,
        file_name as found_in,
        1 as rows_affected,
    from load_ledger
    where status = 'rejected' and not is_acknowledged

    union all

    select
        source,
        object,
        'file_is_as_expected' as check_name,
        'Files that were loaded with a warning, such as a missing column or a cut-off last line.'
            as description,
        'warning' as severity,
        file_name as found_in,
        1 as rows_affected,
    from load_ledger
    where status = 'loaded' and warnings is not null

    union all

    select
        source,
        object,
        'values_are_written_plainly' as check_name,
        'Loaded rows in which a value was changed while reading, such as blanks around a name.'
            as description,
        'info' as severity,
        file_name as found_in,
        rows_normalised as rows_affected,
    from load_ledger
    where status = 'loaded' and rows_normalised > 0

),

files_summed as (

    select
        source,
        object,
        check_name,
        description,
        severity,
        found_in,
        sum(rows_affected) as rows_affected,
        cast(null as decimal(18, 2)) as amount_affected,
    from files_noted
    group by source, object, check_name, description, severity, found_in

)

select * from files_summed
