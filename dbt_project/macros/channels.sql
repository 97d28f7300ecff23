{#- The channel of an advertising platform. -#}
{% macro platform_channel(platform) -%}
    case {{ platform }}
        when 'google_ads' then 'Paid Search'
        when 'linkedin_ads' then 'Paid Social'
        when 'meta_ads' then 'Paid Social'
    end
{%- endmacro %}

{#-
HubSpot's code of a first visit as a channel, by the names that Google Analytics gives them. NULL for
what no marketing brought: visits straight to the address, and people typed in or imported.
-#}
{% macro analytics_source_channel(code) -%}
    case {{ code }}
        when 'ORGANIC_SEARCH' then 'Organic Search'
        when 'PAID_SEARCH' then 'Paid Search'
        when 'PAID_SOCIAL' then 'Paid Social'
        when 'SOCIAL_MEDIA' then 'Organic Social'
        when 'EMAIL_MARKETING' then 'Email'
        when 'REFERRALS' then 'Referral'
        when 'OTHER_CAMPAIGNS' then 'Other Campaigns'
        when 'DIRECT_TRAFFIC' then null
        when 'OFFLINE' then null
        when 'OFFLINE_SOURCES' then null
        else {{ code }}
    end
{%- endmacro %}
