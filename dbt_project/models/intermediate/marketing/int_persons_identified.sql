with

records as (select * from {{ ref('int_person_records_listed') }}),

merged_records as (select * from {{ ref('int_persons_merged') }}),

persons as (

    select
        person_key,
        record_key as lead_key,
    from records
    qualify
        row_number() over (
            partition by person_key
            order by
                case record_type when 'lead' then 1 else 2 end asc,
                created_at asc,
                record_key asc
        ) = 1

),

known_keys as (

    select
        record_key,
        person_key,
    from records

    union all

    -- The contact of a conversion may be in no extract.
    select
        converted_contact_key as record_key,
        person_key,
    from records
    where converted_contact_key is not null

    union all

    select
        person_key as record_key,
        person_key,
    from records

),

keys_before_merges as (

    select * from known_keys

    union all

    select
        merged_records.record_key,
        known_keys.person_key,
    from merged_records
    inner join known_keys on merged_records.survivor_record_key = known_keys.record_key

),

identified_persons as (

    select
        keys_before_merges.record_key,
        min(persons.lead_key) as lead_key,
    from keys_before_merges
    inner join persons on keys_before_merges.person_key = persons.person_key
    group by keys_before_merges.record_key

)

select * from identified_persons
