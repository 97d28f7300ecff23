"""The objects of the sample and the headers of their extracts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A source and one of its objects, by the vendor's name."""

    source: str
    name: str


def _salesforce(name: str) -> Kind:
    return Kind("salesforce", name)


ACCOUNT = _salesforce("Account")
CAMPAIGN = _salesforce("Campaign")
CAMPAIGN_MEMBER = _salesforce("CampaignMember")
CURRENCY_TYPE = _salesforce("CurrencyType")
DATED_CONVERSION_RATE = _salesforce("DatedConversionRate")
EVENT = _salesforce("Event")
FORECASTING_QUOTA = _salesforce("ForecastingQuota")
LEAD = _salesforce("Lead")
OPPORTUNITY = _salesforce("Opportunity")
OPPORTUNITY_FIELD_HISTORY = _salesforce("OpportunityFieldHistory")
OPPORTUNITY_HISTORY = _salesforce("OpportunityHistory")
OPPORTUNITY_STAGE = _salesforce("OpportunityStage")
TASK = _salesforce("Task")
USER = _salesforce("User")
USER_ROLE = _salesforce("UserRole")
CAMPAIGN_DAILY = Kind("google_ads", "campaign_daily")

HEADERS: dict[Kind, tuple[str, ...]] = {
    kind: tuple(columns.split())
    for kind, columns in {
        ACCOUNT: "Id IsDeleted MasterRecordId Name Type ParentId Industry AnnualRevenue"
        " NumberOfEmployees BillingCity BillingCountry OwnerId CurrencyIsoCode CreatedDate"
        " LastModifiedDate SystemModstamp",
        CAMPAIGN: "Id IsDeleted ParentId Name Type Status StartDate EndDate BudgetedCost ActualCost"
        " CurrencyIsoCode OwnerId CreatedDate SystemModstamp",
        CAMPAIGN_MEMBER: "Id IsDeleted CampaignId LeadId ContactId Status HasResponded"
        " FirstRespondedDate CreatedDate SystemModstamp",
        CURRENCY_TYPE: "Id IsoCode ConversionRate IsCorporate IsActive DecimalPlaces"
        " SystemModstamp",
        DATED_CONVERSION_RATE: "Id IsoCode ConversionRate StartDate NextStartDate CreatedDate"
        " SystemModstamp",
        EVENT: "Id IsDeleted WhoId WhatId AccountId OwnerId Subject StartDateTime EndDateTime"
        " IsChild Type EventSubtype CreatedDate SystemModstamp",
        FORECASTING_QUOTA: "Id QuotaOwnerId QuotaAmount StartDate PeriodId ProductFamily"
        " CurrencyIsoCode CreatedDate SystemModstamp",
        LEAD: "Id IsDeleted MasterRecordId FirstName LastName Name Company Email Phone Title Status"
        " Rating OwnerId LeadSource IsConverted ConvertedDate ConvertedAccountId"
        " ConvertedContactId ConvertedOpportunityId CreatedDate LastModifiedDate SystemModstamp",
        OPPORTUNITY: "Id IsDeleted AccountId Name StageName Amount Probability ExpectedRevenue"
        " CloseDate Type NextStep LeadSource IsClosed IsWon ForecastCategory ForecastCategoryName"
        " CurrencyIsoCode CampaignId OwnerId Territory2Id CreatedDate CreatedById"
        " LastModifiedDate SystemModstamp LastActivityDate PushCount LastStageChangeDate"
        " FiscalQuarter FiscalYear ContactId RecordTypeId Competitor__c Loss_Reason__c",
        OPPORTUNITY_FIELD_HISTORY: "Id OpportunityId CreatedById CreatedDate DataType Field"
        " OldValue NewValue",
        OPPORTUNITY_HISTORY: "Id OpportunityId CreatedById CreatedDate StageName Amount"
        " ExpectedRevenue CloseDate Probability ForecastCategory IsDeleted SystemModstamp",
        OPPORTUNITY_STAGE: "Id MasterLabel ApiName IsActive SortOrder IsClosed IsWon"
        " ForecastCategory ForecastCategoryName DefaultProbability CreatedDate SystemModstamp",
        TASK: "Id IsDeleted WhoId WhatId AccountId OwnerId Subject Status Priority ActivityDate"
        " CompletedDateTime IsClosed Type TaskSubtype CallType CallDurationInSeconds CreatedDate"
        " SystemModstamp",
        USER: "Id Name Email Title Department Division IsActive ManagerId UserRoleId UserType"
        " CreatedDate SystemModstamp",
        USER_ROLE: "Id Name ParentRoleId SystemModstamp",
        CAMPAIGN_DAILY: "date customer_id campaign_id campaign_name cost_micros clicks impressions"
        " conversions conversions_value currency_code",
    }.items()
}
