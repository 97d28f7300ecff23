with

versions as (

    {{ dated_versions('raw_hubspot', 'owners', watermark='updated_at') }}

),

listed_teams as (

    select
        id,
        _row_hash,
        {{ each_of(json_elements('teams')) }} as team,
    from versions

),

-- An owner may be in several teams, of which one is the primary one.
primary_teams as (

    select
        id,
        _row_hash,
        {{ json_text('team', 'name') }} as team_name,
    from listed_teams
    qualify
        row_number() over (
            partition by id, _row_hash
            order by
                case when {{ json_text('team', 'primary') }} = 'true' then 0 else 1 end,
                {{ json_text('team', 'name') }}
        ) = 1

),

owner_versions as (

    select
        {{ hubspot_key('versions.id') }} as user_key,
        {{ hubspot_key('versions.id') }} || ':' || versions._row_hash as user_version_key,

        nullif(
            trim(coalesce(versions.first_name, '') || ' ' || coalesce(versions.last_name, '')), ''
        ) as user_name,
        versions.email,
        primary_teams.team_name,

        versions.created_at,
        versions.valid_from,
        versions.valid_to,

        not coalesce(versions.archived, false) as is_active,
    from versions
    left join primary_teams
        on
            versions.id = primary_teams.id
            and versions._row_hash = primary_teams._row_hash

)

select * from owner_versions
