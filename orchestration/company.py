"""The company's own choices, seen alike by Python and dbt.

Defaults stand in ``dbt_project/dbt_project.yml`` under ``vars``; a company's own stand in
``company.yaml`` with the same keys, so that nobody edits the repository to use it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from orchestration.settings import DBT_PROJECT, Settings

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class CompanyError(ValueError):
    """A company file that cannot be used; the message names the file, the key and the cure."""


def _known_timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"'{name}' is no IANA time zone such as 'Europe/Paris'")
    return name


def _time_of_day(value: Any) -> Any:
    # YAML 1.1 reads an unquoted 18:00 as a number to the base of 60.
    return dt.time(*divmod(value, 60)) if isinstance(value, int) and 0 <= value < 1440 else value


TimeOfDay = Annotated[dt.time, BeforeValidator(_time_of_day)]

AdCampaignKey = Annotated[str, Field(pattern=r"^(google|linkedin|meta)_ads:\w+$")]
CustomField = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*__c$")]
FieldType = Annotated[
    str,
    Field(pattern=r"^(string|boolean|bigint|date|decimal\((3[0-8]|[12]?\d), ?(3[0-8]|[12]?\d)\))$"),
]
CrmCampaignKey = Annotated[str, Field(pattern=r"^salesforce:\w{18}$")]


class BusinessHours(BaseModel):
    """When the company works, in its own time zone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: TimeOfDay
    end: TimeOfDay
    days: tuple[Weekday, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> BusinessHours:
        if self.end <= self.start:
            raise ValueError("'end' must be later than 'start'")
        return self


class Company(BaseModel):
    """Choices that change figures. Field names are the dbt variables of the same name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reporting_currency: str = Field(pattern=r"^[A-Z]{3}$")
    business_timezone: Annotated[str, AfterValidator(_known_timezone)]
    fiscal_year_start_month: int = Field(ge=1, le=12)
    week_start: Weekday
    business_hours: BusinessHours
    manager_quota: Literal["add", "rollup"]
    recurring_opportunity_types: tuple[str, ...]
    recurring_product_families: tuple[str, ...]
    renewal_opportunity_types: tuple[str, ...]
    recurring_term_months: int = Field(ge=1)
    mql_lead_statuses: tuple[str, ...]
    sql_lead_statuses: tuple[str, ...]
    lead_response_target_minutes: float = Field(gt=0)
    match_campaigns_by_name: bool
    campaign_matches: dict[AdCampaignKey, CrmCampaignKey]
    web_visitor_id: Literal["email_sha256", "crm_id"]
    custom_fields: dict[str, dict[str, dict[CustomField, FieldType]]]
    attribution_window_days: int = Field(ge=1)
    attribution_half_life_days: float = Field(gt=0)

    @field_validator("custom_fields")
    @classmethod
    def _have_a_staging_model(
        cls, sources: dict[str, dict[str, dict[str, str]]]
    ) -> dict[str, dict[str, dict[str, str]]]:
        for source, objects in sources.items():
            for name, fields in objects.items():
                known = _objects_with_custom_fields()
                if (source, name) not in known:
                    listed = ", ".join("/".join(place) for place in sorted(known))
                    raise ValueError(
                        f"'{source}/{name}' takes no custom fields; known are {listed}"
                    )
                if len({field.lower() for field in fields}) < len(fields):
                    raise ValueError(f"'{source}/{name}' names a field twice; case does not matter")
        return sources

    @property
    def zone(self) -> ZoneInfo:
        """The business time zone."""
        return ZoneInfo(self.business_timezone)

    def dbt_vars(self, as_of: dt.date | None = None) -> dict[str, Any]:
        """Variables for dbt; ``as_of_date`` is given only for a run of a chosen date."""
        values: dict[str, Any] = self.model_dump(mode="json")
        return values | ({"as_of_date": as_of.isoformat()} if as_of else {})


def _objects_with_custom_fields() -> set[tuple[str, str]]:
    """Source and object of every staging model that takes up custom fields."""
    models = (DBT_PROJECT / "models" / "staging").glob("*/*.sql")
    call = re.compile(r"custom_fields\('(\w+)', '(\w+)'\)")
    return {found for model in models for found in call.findall(model.read_text("utf-8"))}


def default_company() -> Company:
    """The defaults in ``dbt_project.yml``."""
    return Company.model_validate(_default_choices())


def _default_choices() -> dict[str, Any]:
    project = yaml.safe_load((DBT_PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    return {key: value for key, value in project["vars"].items() if key in Company.model_fields}


def load_company(settings: Settings) -> Company:
    """The defaults with the company's own choices laid over them.

    ``company.yaml`` in the home folder need not exist; a file named by ``SALESOPS_COMPANY`` must.

    Raises:
        CompanyError: the file is missing or no YAML mapping, or a key or value is wrong.
    """
    path = settings.company_file
    own: Any = {}
    if settings.company and not path.exists():
        raise CompanyError(f"{path}: no such file, though SALESOPS_COMPANY names it")
    if path.exists():
        try:
            own = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise CompanyError(f"{path}: cannot be read as YAML: {error}") from error
        if not isinstance(own, dict):
            raise CompanyError(
                f"{path}: must hold 'key: value' lines, such as 'week_start: monday'"
            )
    try:
        return Company.model_validate(_default_choices() | own)
    except ValidationError as error:
        problems = "; ".join(_explain(problem) for problem in error.errors())
        raise CompanyError(f"{path}: {problems}") from error


def _explain(problem: Any) -> str:
    where = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"'{where}' is no choice; known are {', '.join(Company.model_fields)}"
    return f"'{where}': {problem['msg']} (found {problem['input']!r})"
