"""Starts the main job when extracts have arrived and are complete."""

import json

import dagster as dg

from orchestration.ingest.arrivals import landing_state
from orchestration.settings import Settings


def landing_sensor(job_name: str) -> dg.SensorDefinition:
    """A sensor that requests one run of ``job_name`` for each new state of landing.

    A file that is still being written changes between two looks, so a state counts as complete
    when two looks in a row saw the same.
    """

    @dg.sensor(
        name="extracts_arrived",
        job_name=job_name,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Starts a run when landing has changed and then stayed the same for a minute.",
    )
    def extracts_arrived(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        cursor = json.loads(context.cursor) if context.cursor else {}
        state = landing_state(Settings())
        if state is None or state == cursor.get("started"):
            return dg.SkipReason("Nothing new in landing.")
        if state != cursor.get("seen"):
            context.update_cursor(json.dumps(cursor | {"seen": state}))
            return dg.SkipReason("Landing has changed; it must stay the same for a minute.")
        return dg.SensorResult(
            run_requests=[dg.RunRequest(run_key=state)],
            cursor=json.dumps({"seen": state, "started": state}),
        )

    return extracts_arrived
