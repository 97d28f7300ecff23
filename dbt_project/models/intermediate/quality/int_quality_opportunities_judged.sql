{%- set rules = {
    'a_won_opportunity_has_a_close_date': [
        'is_won and close_date is null',
        'Won without a close date: it is booked in no period.',
    ],
    'a_closed_opportunity_has_closed_by_now': [
        'is_closed and close_date > as_of_date',
        'Closed with a close date still to come: it is not booked yet.',
    ],
    'an_opportunity_closes_after_its_creation': [
        'is_closed and close_date < created_date',
        'Closed before it was created: its sales cycle is below zero.',
    ],
    'an_open_opportunity_closes_in_the_future': [
        'not is_closed and close_date < as_of_date',
        'Open with a close date that has passed: it is in no pipeline of a period to come.',
    ],
    'an_open_opportunity_has_an_amount': [
        'not is_closed and amount_original is null',
        'Open without an amount: it counts and adds nothing.',
    ],
    'an_open_opportunity_has_a_next_step': [
        'not is_closed and not has_next_step',
        'Open without a next step: nobody has said what happens next.',
    ],
    'an_amount_is_not_negative': [
        'amount_original < 0',
        'An amount below zero lessens the sums in which it is.',
    ],
    'a_currency_has_a_rate': [
        'amount_original is not null and amount is null',
        'An amount in a currency without a rate: it counts and adds nothing.',
    ],
    'a_stage_is_known_to_the_crm': [
        'not is_stage_listed',
        'In a stage that the list of the CRM does not hold; its order is a guess.',
    ],
    'an_opportunity_has_an_owner': [
        'owner_key is null',
        'Without an owner: it is in the figures of nobody.',
    ],
    'an_owner_is_a_user': [
        'owner_key is not null and not is_owner_known',
        'Of an owner who is no user in any extract: it goes to a name without a manager.',
    ],
    'an_opportunity_names_its_account': [
        'account_key is null',
        'Without an account: it is in the figures of no account.',
    ],
    'an_account_is_in_the_extracts': [
        'account_key is not null and not is_account_known',
        'Of an account that is in no extract: nothing is known of it but its key.',
    ],
    'an_opportunity_is_entered_once': [
        'twin_count > 1',
        'Same name, account, amount and close date as another one: both count.',
    ],
} -%}
with

compared as (select * from {{ ref('int_quality_opportunities_compared') }}),

opportunities_judged as (

    {{ quality_findings('compared', rules) }}

)

select * from opportunities_judged
