-- A row here is a lead or contact of the CRM, neither deleted nor merged away, that is part of no
-- person, or of several.
with

records as (select * from {{ ref('int_person_records_listed') }}),

persons as (select * from {{ ref('int_persons_identified') }}),

leads as (select * from {{ ref('fct_lead') }})

select
    records.record_key,
    count(leads.lead_key) as person_count,
from records
left join persons on records.record_key = persons.record_key
left join leads on persons.lead_key = leads.lead_key
group by records.record_key
having count(leads.lead_key) != 1
