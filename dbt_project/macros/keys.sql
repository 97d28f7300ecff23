{#- The primary key of a Salesforce record: the system's name and the id of 18 characters. -#}
{% macro salesforce_key(id) -%}
    'salesforce:' || {{ id }}
{%- endmacro %}

{#- The primary key of a HubSpot record: the system's name and the id. -#}
{% macro hubspot_key(id) -%}
    'hubspot:' || {{ id }}
{%- endmacro %}

{#-
An id of 15 characters made 18: three check characters say which of the 15 are capitals, so that ids
stay apart where letter case gets lost. Anything that is not 15 characters long stays as it is.
-#}
{% macro salesforce_id_18(id) -%}
    case
        when length({{ id }}) = 15 then {{ id }}
        {%- for block in range(3) %}
            || substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', 1
            {%- for place in range(5) %}
                + case
                    when substr({{ id }}, {{ block * 5 + place + 1 }}, 1) between 'A' and 'Z'
                        then {{ 2 ** place }}
                    else 0
                end
            {%- endfor %}, 1)
        {%- endfor %}
        else {{ id }}
    end
{%- endmacro %}

{#-
The user whom a company's own sheet names by the id in the CRM: a Salesforce id of 15 or 18
characters, else the id of a HubSpot owner.
-#}
{% macro crm_user_key(user_id) -%}
    case
        when {{ matches(user_id, '^005[A-Za-z0-9]{12}([A-Za-z0-9]{3})?$') }}
            then {{ salesforce_key(salesforce_id_18(user_id)) }}
        else 'hubspot:' || {{ user_id }}
    end
{%- endmacro %}
