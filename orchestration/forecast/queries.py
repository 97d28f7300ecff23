"""What is asked of the marts about deals, their owners and their currencies."""

from __future__ import annotations

BOOKED = """
    select
        opportunity_key,
        coalesce(owner_at_close_key, $unassigned) as owner_key,
        account_key,
        closed_at,
        close_date,
        created_date,
        coalesce(cast(round(amount * 100) as bigint), 0) as cents
    from marts.fct_opportunity
    where is_won and close_date <= $as_of
    order by opportunity_key
"""

# A won stretch is a run of won versions. It closed with its first version or, where nobody saw
# that, at the end of the close date; the owner of that moment has the booking.
VERSIONS = """
    with stretches as (
        select
            *,
            count_if(not is_won) over (
                partition by opportunity_key order by valid_from rows unbounded preceding
            ) as stretch
        from marts.fct_opportunity_history
    ),

    dated as (
        select
            *,
            first_value(
                case when history_source = 'assumed'
                    then greatest(
                        valid_from,
                        timezone('UTC', timezone($zone, cast(close_date + 1 as timestamp)))
                        - interval 1 microsecond
                    )
                    else valid_from
                end
            ) over (partition by opportunity_key, stretch order by valid_from) as closed_at,
            first_value(history_source = 'assumed') over (
                partition by opportunity_key, stretch order by valid_from
            ) as is_assumed
        from stretches
        where is_won
    ),

    owned as (
        select
            *,
            last_value(case when valid_from <= closed_at then owner_key end ignore nulls) over (
                partition by opportunity_key, stretch order by valid_from
                rows between unbounded preceding and unbounded following
            ) as owner_at_close_key
        from dated
    )

    select
        owned.opportunity_key,
        coalesce(owned.owner_at_close_key, $unassigned) as owner_key,
        owned.account_key,
        owned.closed_at,
        owned.close_date,
        owned.valid_from as known_from,
        owned.valid_to as known_to,
        owned.is_assumed,
        coalesce(
            cast(
                round(
                    cast(owned.amount_original as double) * cast(rates.reporting_rate as double)
                    / cast(rates.rate as double) * 100
                ) as bigint
            ),
            0
        ) as cents
    from owned
    left join intermediate.int_exchange_rates as rates
        on
            owned.currency_code = rates.currency_code
            and owned.close_date >= rates.valid_from_date
            and (owned.close_date < rates.valid_to_date or rates.valid_to_date is null)
    where owned.close_date is not null
    order by owned.opportunity_key, owned.valid_from
"""

# A day is that of the business time zone, so that a version holds as of the end of its known_day.
# What a record shows of an open deal holds from its last change on, but was seen in no extract
# before the first. Deals that had closed by then show no such thing of their time before: learned
# from, it would tell which deals were to stay open. So until then the state is only assumed.
DEALS = """
    with first_extracts as (
        select source, min(extract_date) as first_date
        from ops.load_ledger
        where status in ('loaded', 'unchanged')
        group by source
    ),

    dated as (
        select
            history.*,
            coalesce(owner_key, $unassigned) as rep,
            cast(timezone($zone, timezone('UTC', valid_from)) as date) as known_date,
            cast(timezone($zone, timezone('UTC', valid_to)) as date) as ended_date,
            first_extracts.first_date
        from marts.fct_opportunity_history as history
        left join first_extracts
            on split_part(history.opportunity_key, ':', 1) = first_extracts.source
    ),

    judged as (
        select
            * exclude (first_date),
            coalesce(
                history_source = 'observed' and not is_closed and known_date < first_date, false
            ) as is_seen_later,
            first_date
        from dated
    ),

    stated as (
        select
            * exclude (known_date, ended_date, first_date),
            known_date,
            case when is_seen_later then least(coalesce(ended_date, first_date), first_date)
                else ended_date
            end as ended_date,
            is_seen_later or history_source = 'assumed' as is_assumed
        from judged

        union all

        select
            * exclude (known_date, ended_date, first_date),
            first_date as known_date,
            ended_date,
            false as is_assumed
        from judged
        where is_seen_later and (ended_date is null or ended_date > first_date)
    )

    select
        stated.opportunity_key,
        stated.rep as owner_key,
        stated.rep as price_group,
        stated.account_key,
        stated.stage_name,
        cast(stated.probability as double) as probability,
        stated.is_closed,
        stated.is_won,
        stated.is_assumed,
        stated.currency_code,
        cast(stated.amount_original as double) as amount_original,
        cast(stated.amount_original as double) * cast(rates.reporting_rate as double)
        / cast(rates.rate as double) * 100 as cents_at_close,
        stated.known_date - date '1970-01-01' as known_day,
        cast(stated.ended_date - date '1970-01-01' as double) as ended_day,
        cast(stated.close_date - date '1970-01-01' as double) as close_day
    from stated
    left join intermediate.int_exchange_rates as rates
        on
            stated.currency_code = rates.currency_code
            and stated.close_date >= rates.valid_from_date
            and (stated.close_date < rates.valid_to_date or rates.valid_to_date is null)
    order by stated.opportunity_key, stated.valid_from, stated.known_date
"""

RATES = """
    select
        currency_code,
        cast(reporting_rate as double) / cast(rate as double) as factor,
        cast(valid_from_date - date '1970-01-01' as double) as from_day,
        cast(valid_to_date - date '1970-01-01' as double) as to_day
    from intermediate.int_exchange_rates
    order by currency_code, valid_from_date
"""

OWNERS = """
    select owner_key, min(valid_from) as first_owned_at
    from marts.fct_opportunity_history
    where owner_key is not null
    group by owner_key
    order by owner_key
"""

FIRST_EXTRACT = """
    select min(extract_date) as first_extract_date from ops.load_ledger
    where status in ('loaded', 'unchanged')
"""

USERS = """
    select user_key, manager_key, region, is_active, valid_from, valid_to
    from marts.dim_user_history
    order by user_key, valid_from
"""
