"""Where things are: every ``SALESOPS_*`` environment variable, in one typed class."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

REPOSITORY = Path(__file__).resolve().parent.parent
DBT_PROJECT = REPOSITORY / "dbt_project"
SAMPLE = REPOSITORY / "data" / "sample"
BUNDLED_CONTRACTS = REPOSITORY / "data" / "contracts"


class Settings(BaseSettings):
    """Folders and limits of one installation, read from the environment.

    Only ``SALESOPS_HOME`` matters to most users: everything made at run time lies below it.
    Each field is the environment variable ``SALESOPS_<FIELD>`` in upper case.
    """

    model_config = SettingsConfigDict(
        env_prefix="SALESOPS_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    home: Annotated[Path, AfterValidator(Path.absolute)] = Field(
        REPOSITORY / "data", description="Home of everything made at run time."
    )
    landing: Path | None = Field(None, description="Another landing folder.")
    company: Path | None = Field(None, description="Another file of the company's choices.")
    contracts: Path | None = Field(
        None, description="Folder of the user's own contracts, beside the bundled ones."
    )
    memory_limit: str | None = Field(
        None, description="What DuckDB may use, such as '4GB'; unset, 80 % of the machine."
    )
    contact_key: SecretStr | None = Field(
        None, description="Secret of the hashes that published e-mail and phone columns hold."
    )
    alert_webhook: SecretStr | None = Field(
        None, description="URL that alerts are posted to (Slack-compatible)."
    )
    alert_email: str | None = Field(
        None, description="Mailboxes that alerts go to, separated by commas."
    )
    alert_smtp: SecretStr | None = Field(
        None, description="Mail server, such as smtps://user:password@mail.example.com:465."
    )
    alert_sender: str | None = Field(None, description="Sender of these e-mails.")

    @cached_property
    def landing_folder(self) -> Path:
        """Folder that extracts are read from; never written to."""
        return (self.landing or self.home / "landing").resolve()

    @cached_property
    def company_file(self) -> Path:
        """File of the company's own choices; it need not exist."""
        return (self.company or self.home / "company.yaml").resolve()

    @cached_property
    def warehouse_file(self) -> Path:
        """The working DuckDB database, which has one writer at a time."""
        return self.home / "warehouse" / "warehouse.duckdb"

    @cached_property
    def published_folder(self) -> Path:
        """Folder of what readers see: ``salesops.duckdb``, ``parquet/``, ``manifest.json``."""
        return self.home / "published"

    @cached_property
    def published_file(self) -> Path:
        """The database that analysts and dashboards open."""
        return self.published_folder / "salesops.duckdb"

    @cached_property
    def contact_key_file(self) -> Path:
        """Where a random ``contact_key`` is kept when the environment sets none."""
        return self.home.resolve() / "secrets" / "contact.key"

    @cached_property
    def dagster_folder(self) -> Path:
        """Dagster's own instance folder: run history, schedules, logs."""
        return self.home / "dagster"
