"""The reports as Dagster assets: files made from the published database."""

import dagster as dg

from orchestration.catalog import SALES_OPERATIONS
from orchestration.company import CompanyError
from orchestration.published import NotPublishedError
from orchestration.report.write import Name, write_report
from orchestration.resources import RETRY
from orchestration.settings import Settings

GROUP = "report"


def _report(asset: str, name: Name, description: str) -> dg.AssetsDefinition:
    """The asset that makes one kind of report."""

    @dg.asset(
        name=asset,
        group_name=GROUP,
        description=description,
        deps=[dg.AssetKey("published_database")],
        owners=[SALES_OPERATIONS],
        kinds={"html", "excel"},
        retry_policy=RETRY,
    )
    def make_report() -> dg.MaterializeResult[None]:
        try:
            files = write_report(Settings(), name)
        except (NotPublishedError, CompanyError) as error:  # trying again would not help
            raise dg.Failure(str(error), allow_retries=False) from error
        return dg.MaterializeResult(
            metadata={
                "as_of_date": str(files.as_of),
                "page": dg.MetadataValue.path(str(files.page)),
                "workbook": dg.MetadataValue.path(str(files.workbook)),
            }
        )

    return make_report


reports = [
    _report(
        "weekly_sales_report",
        "weekly",
        "The newest week that is over: what happened, and where it leaves the quarter.",
    ),
    _report(
        "monthly_business_review",
        "monthly",
        "The newest month that is over, in the row of months and quarters before it.",
    ),
    _report(
        "forecast_call_sheets",
        "calls",
        "For each team what its forecast call is about: its people, and their deals.",
    ),
]
