with

persons as (select * from {{ ref('int_persons_identified') }}),

records as (select * from {{ ref('int_person_records_listed') }}),

-- What the web site may call a person, by the company's choice `web_visitor_id`.
names_of_persons as (

    {% if var('web_visitor_id') == 'email_sha256' %}
        select
            persons.lead_key,
            records.source_system,
            {{ sha256_of('lower(trim(records.email))') }} as visitor_id,
        from records
        inner join persons on records.record_key = persons.record_key
        where records.email is not null
    {% else %}
        select
            lead_key,
            substr(record_key, 1, instr(record_key, ':') - 1) as source_system,
            substr(record_key, instr(record_key, ':') + 1) as visitor_id,
        from persons
    {% endif %}

),

-- An address that two people share means neither of them.
visitors as (

    select
        source_system,
        visitor_id,
        min(lead_key) as lead_key,
    from names_of_persons
    group by source_system, visitor_id
    having count(distinct lead_key) = 1

)

select * from visitors
