"""Draws ``latest.json``: ``python chart.py FOLDER``, in the benchmark's own environment."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

# Of Okabe and Ito: told apart by everyone, and by their lightness when printed grey.
_FIRST, _OURS, _OTHERS, _MISSED = "#999999", "#0072B2", "#E69F00", "#D55E00"
_OURS_BEGIN = ("salesops", "ingest", "dbt", "whole", "nothing", "500", "0.5")


def main(folder: str) -> None:
    """Write ``latest.png`` and ``latest.svg`` beside what they show."""
    latest = json.loads(Path(folder, "latest.json").read_text(encoding="utf-8"))
    goals, races = latest["goals"], latest["races"]
    heights = [max(len(goals), 1), *(len(race["contestants"]) for race in races.values())]
    mpl.rcParams |= {"svg.hashsalt": "salesops", "font.size": 9, "svg.fonttype": "none"}
    figure, panels = plt.subplots(
        len(heights), 1, figsize=(9, 0.36 * sum(heights) + 0.95 * len(heights)),
        height_ratios=heights, layout="constrained", squeeze=False,
    )  # fmt: skip
    _draw_goals(panels[0][0], goals)
    for (panel,), race in zip(panels[1:], races.values(), strict=True):
        _draw_race(panel, race)
    for kind in ("png", "svg"):
        stamp = {"Date": None} if kind == "svg" else None  # the same figures, the same bytes
        figure.savefig(Path(folder, f"latest.{kind}"), dpi=150, metadata=stamp)


def _draw_goals(panel: Axes, goals: dict[str, Any]) -> None:
    for place, goal in enumerate(goals.values()):
        low, middle, high = (goal[key] / goal["goal"] for key in ("min", "median", "max"))
        style = (
            {"color": _OURS, "marker": "o"} if goal["met"] else {"color": _MISSED, "marker": "D"}
        )
        panel.plot([low, high], [place, place], color=style["color"], linewidth=2)
        panel.plot([middle], [place], linestyle="none", **style)
        panel.annotate(f"  {goal['median']:.2f} of {goal['goal']:g}", (high, place), va="center")
    panel.axvline(1, color="black", linewidth=1)
    panel.set_xscale("log")
    panel.margins(x=0.25)
    panel.xaxis.set_major_formatter("{x:g}")
    panel.xaxis.set_minor_formatter("")
    panel.set_title("Goals, as multiples of their limit: ● met, ◆ missed", loc="left")
    _name_rows(panel, list(goals))


def _draw_race(panel: Axes, race: dict[str, Any]) -> None:
    names = list(race["contestants"])
    for place, name in enumerate(names):
        wall = race["contestants"][name]["wall_seconds"]
        ours = name.startswith(_OURS_BEGIN)
        colour = _OURS if ours else _FIRST if name == "floor" else _OTHERS
        spread = [[wall["median"] - wall["min"]], [wall["max"] - wall["median"]]]
        panel.barh(place, wall["median"], color=colour, xerr=spread, height=0.7)
        panel.annotate(f"  {wall['median']:,.1f} s", (wall["max"], place), va="center")
    panel.margins(x=0.12)
    panel.set_title(f"{race['title']}: wall time, median and range", loc="left")
    _name_rows(panel, names)


def _name_rows(panel: Axes, names: list[str]) -> None:
    panel.set_yticks(range(len(names)), names)
    panel.invert_yaxis()
    panel.spines[["top", "right"]].set_visible(False)


if __name__ == "__main__":
    main(*sys.argv[1:])
