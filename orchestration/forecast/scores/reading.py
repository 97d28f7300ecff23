"""What the scores read from the marts beside the deals: leads, their touches, owners' regions."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pandas as pd

from orchestration.forecast.deals import NEVER
from orchestration.forecast.inputs import fingerprint_of

# A lead has converted when the CRM says so or when an opportunity came of it, whichever is first.
LEADS = """
    select
        lead_key,
        source_system,
        lead_source,
        became_lead_date - date '1970-01-01' as lead_day,
        coalesce(least(converted_date, opportunity_date) - date '1970-01-01', $never)
            as outcome_day,
        coalesce(responded_date - date '1970-01-01', $never) as responded_day,
        response_minutes,
        coalesce(mql_date - date '1970-01-01', $never) as mql_day,
        coalesce(sql_date - date '1970-01-01', $never) as sql_day
    from marts.fct_lead
    where is_lead
    order by lead_key
"""

TOUCHES = """
    select
        lead_key,
        touched_date - date '1970-01-01' as touched_day,
        channel
    from marts.fct_touchpoint
    where lead_key is not null
    order by lead_key, touched_at, touchpoint_key
"""

REGIONS = """
    select user_key, region from marts.dim_user
    where region is not null
    order by user_key
"""


@dataclass(frozen=True)
class ScoreInputs:
    """Beside the deals of the forecast, what scores are made from; days count from 1970-01-01.

    ``leads`` has a row per lead: ``lead_key``, ``source_system``, ``lead_source``, the ``lead_day``
    on which it became one and, `NEVER` where it did not come to that, the ``outcome_day`` of its
    conversion, the ``responded_day``, ``mql_day`` and ``sql_day``; ``response_minutes`` is NaN
    without an answer. ``touches`` has for each touch of a lead, those of one together and in order,
    the place of its ``lead`` among the leads, ``touched_day`` and ``channel``. ``regions``: where
    each user sells.
    """

    leads: pd.DataFrame
    touches: pd.DataFrame
    regions: pd.Series[str]
    fingerprint: str
    """Changes with anything read, and with nothing else."""


def read_score_inputs(connection: duckdb.DuckDBPyConnection) -> ScoreInputs:
    """Read the marts; order of rows there does not matter."""
    leads = connection.execute(LEADS, {"never": NEVER}).df()
    touches = _with_places(connection.execute(TOUCHES).df(), leads)
    regions = connection.execute(REGIONS).df()
    return ScoreInputs(
        leads=leads,
        touches=touches,
        regions=regions.set_index("user_key")["region"],
        fingerprint=fingerprint_of(leads, touches, regions),
    )


def _with_places(touches: pd.DataFrame, leads: pd.DataFrame) -> pd.DataFrame:
    places = pd.Index(leads["lead_key"]).get_indexer(touches["lead_key"])
    found = touches.drop(columns="lead_key").assign(lead=places)
    return found[found["lead"] >= 0].reset_index(drop=True)
