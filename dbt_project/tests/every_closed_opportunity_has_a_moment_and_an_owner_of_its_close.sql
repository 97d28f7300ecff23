-- A failure means that a booking goes to nobody, although the CRM names an owner.
with

opportunities as (select * from {{ ref('fct_opportunity') }})

select *
from opportunities
where
    is_closed
    and (closed_at is null or (owner_at_close_key is null and owner_key is not null))
