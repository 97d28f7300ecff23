"""Small drawings of a run, for whoever looks at the asset in Dagster: made without a library."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Sequence
from html import escape

import duckdb

WIDTH, HEIGHT, MARGIN = 640, 280, 48
COLOURS = ("#888888", "#1f77b4", "#2ca02c", "#9467bd", "#ff7f0e", "#d62728")

Line = tuple[str, Sequence[float | None]]


def drawings(connection: duckdb.DuckDBPyConnection, forecast_run_id: str | None) -> dict[str, str]:
    """The run's drawings as Markdown, by name; of what the run does not have there are none.

    ``fan_chart``: the company by month, what is published with its range, and the naive.
    ``accuracy_by_horizon``: the error of each method for the company by months ahead.
    ``calibration``: how often the published ranges held, by level and months ahead.
    ``opportunity_calibration``, ``lead_calibration``: the chances that scores gave in the past, and
    what came of them.
    """
    return _of_forecasts(connection, forecast_run_id) | _of_scores(connection, forecast_run_id)


def _of_forecasts(
    connection: duckdb.DuckDBPyConnection, forecast_run_id: str | None
) -> dict[str, str]:
    months = connection.execute(
        """
        select period_start_date,
            max(mean_amount) filter (where is_published) as mean_amount,
            max(p10_amount) filter (where is_published) as p10_amount,
            max(p90_amount) filter (where is_published) as p90_amount,
            max(mean_amount) filter (where method = 'seasonal_naive') as naive_amount
        from marts.fct_forecast
        where forecast_run_id = ? and node_type = 'company' and period_type = 'month'
        group by period_start_date order by period_start_date
        """,
        [forecast_run_id],
    ).fetchall()
    if not months:
        return {}
    starts: list[dt.date] = [row[0] for row in months]
    mean, low, high, naive = (
        [None if value is None else float(value) for value in column]
        for column in list(zip(*months, strict=True))[1:]
    )
    labels = [f"{start:%Y-%m}" for start in starts]
    return {
        "fan_chart": chart(
            "Bookings of the company by month",
            labels,
            [("seasonal naive", naive), ("published", mean)],
            band=(low, high),
        ),
        "accuracy_by_horizon": _measured(
            connection, forecast_run_id, "wape", "Error by months ahead, company (WAPE)",
            "method", "node_type = 'company' and node_key is null",
        ),
        "calibration": _measured(
            connection, forecast_run_id, "interval_coverage",
            "Share of actuals in the 80 % range, by months ahead", "node_type", "is_published",
        ),
    }  # fmt: skip


def _of_scores(
    connection: duckdb.DuckDBPyConnection, forecast_run_id: str | None
) -> dict[str, str]:
    """By score, the published chances of the longest time ahead, in tenths, and what came."""
    rows = connection.execute(
        """
        select node_type, horizon, calibration from marts.mart_forecast_accuracy
        where forecast_run_id = ? and is_published and calibration is not null
        qualify horizon = max(horizon) over (partition by node_type)
        order by node_type
        """,
        [forecast_run_id],
    ).fetchall()
    found = {}
    for score, days, calibration in rows:
        said, came, _ = zip(*json.loads(calibration), strict=True)
        found[f"{score}_calibration"] = chart(
            f"Mean chance within {days} days by tenths of past scores, and the share that came",
            [f"{chance:.0%}" for chance in said],
            [("said", said), ("came", came)],
        )
    return found


def _measured(
    connection: duckdb.DuckDBPyConnection,
    forecast_run_id: str | None,
    measure: str,
    title: str,
    each: str,
    which: str,
) -> str:
    rows = connection.execute(
        f"""
        select {each}, horizon, {measure} from marts.mart_forecast_accuracy
        where forecast_run_id = ? and period_type = 'month' and {which}
        order by {each}, horizon
        """,
        [forecast_run_id],
    ).fetchall()
    horizons = sorted({horizon for _, horizon, _ in rows})
    found = {(name, horizon): value for name, horizon, value in rows}
    lines: list[Line] = [
        (name, [found.get((name, horizon)) for horizon in horizons])
        for name in sorted({name for name, _, _ in rows})
    ]
    return chart(title, [str(horizon) for horizon in horizons], lines)


def chart(
    title: str,
    labels: Sequence[str],
    lines: Sequence[Line],
    band: tuple[Sequence[float | None], Sequence[float | None]] | None = None,
) -> str:
    """Lines over labels, from zero on, as a Markdown image; values that are None are left out."""
    both = [*(band or ())]
    values = [value for _, line in lines for value in line] + [v for side in both for v in side]
    top = max([value for value in values if value is not None], default=0.0) or 1.0

    def at(place: int, value: float) -> str:
        x = MARGIN + place * (WIDTH - 2 * MARGIN) / max(len(labels) - 1, 1)
        y = HEIGHT - MARGIN - max(value, 0.0) / top * (HEIGHT - 2 * MARGIN)
        return f"{x:.1f},{y:.1f}"

    parts = [f'<text x="{MARGIN}" y="18" font-size="14">{escape(title)}</text>']
    if band:
        low, high = (
            [at(place, value) for place, value in enumerate(side) if value is not None]
            for side in band
        )
        parts.append(f'<polygon points="{" ".join(low + high[::-1])}" fill="#d6272833"/>')
    for number, (name, line) in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        points = " ".join(at(p, value) for p, value in enumerate(line) if value is not None)
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
            f'<text x="{MARGIN + 95 * number}" y="36" fill="{colour}">{escape(name)}</text>'
        )
    for place, label in enumerate(labels):
        x = at(place, 0.0).split(",")[0]
        parts.append(f'<text x="{x}" y="{HEIGHT - 26}" text-anchor="middle">{escape(label)}</text>')
    for share in (0.0, 0.5, 1.0):
        y = at(0, share * top).split(",")[1]
        parts.append(f'<text x="{MARGIN - 4}" y="{y}" text-anchor="end">{share * top:,.3g}</text>')
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        f' font-family="sans-serif" font-size="11">{"".join(parts)}</svg>'
    )
    return f"![{title}](data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()})"
