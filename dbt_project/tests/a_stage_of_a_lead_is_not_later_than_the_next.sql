-- A row here is a person who reached a stage after a later one, or was answered before they came.
select
    lead_key,
    became_lead_at,
    responded_at,
    mql_at,
    sql_at,
    opportunity_at,
from {{ ref('fct_lead') }}
where
    mql_at > sql_at
    or sql_at > opportunity_at
    or responded_at < became_lead_at
