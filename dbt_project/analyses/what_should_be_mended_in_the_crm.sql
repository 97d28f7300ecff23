-- What should be mended in the CRM first: which flaws do open opportunities have, and what
-- money do they touch?
with

opportunities as (select * from {{ published('fct_opportunity') }} where not is_closed),

users as (select * from {{ published('dim_user') }}),

checked as (

    select
        opportunities.amount,
        opportunities.is_past_due,
        opportunities.amount_original is null as has_no_amount,
        opportunities.amount is null
        and opportunities.amount_original is not null as has_no_exchange_rate,
        users.user_key is null or not users.is_active as has_no_active_owner,
        opportunities.account_key is null as has_no_account,
    from opportunities
    left join users on opportunities.owner_key = users.user_key

),

flaws as (

    {% for flaw in [
        'is_past_due', 'has_no_amount', 'has_no_exchange_rate', 'has_no_active_owner', 'has_no_account'
    ] %}
        select
            '{{ flaw }}' as flaw,
            count(*) as opportunity_count,
            coalesce(sum(amount), 0) as amount,
        from checked
        where {{ flaw }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from flaws
order by amount desc, flaw asc
