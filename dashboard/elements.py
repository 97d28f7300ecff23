"""What pages are made of: tiles, tables and charts, each with its meaning and its figures."""

from __future__ import annotations

import re
from functools import partial
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from dashboard.charts.style import Drawn, localised
from dashboard.export import csv
from dashboard.view import View
from orchestration.formats import NOTHING, kind_of, label


def plain(text: str) -> str:
    """A text from the data, for a place that would read Markdown in it."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def section(
    view: View, title: str, frame: pd.DataFrame, of: tuple[str, ...], empty: str, note: str = ""
) -> bool:
    """A heading, with the meaning of the figures below it and a file of them.

    Args:
        view: What is looked at.
        title: The heading; names the file, too.
        frame: The figures.
        of: The published tables that they come from, which say what they mean.
        empty: A sentence that says what is missing when there are none.
        note: What the reader should know.

    Returns:
        Whether there is anything to show.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(title), width="content", anchor=False)
        if not frame.empty:
            with st.container(horizontal=True, width="content"):
                _definitions(view, title, frame, of)
                _download(view, title, frame)
    if note:
        st.caption(note)
    if frame.empty:
        st.info(empty, icon=":material/info:")
    return not frame.empty


def tiles(
    view: View,
    frame: pd.DataFrame,
    columns: tuple[str, ...],
    of: tuple[str, ...],
    before: pd.DataFrame | None = None,
) -> None:
    """Figures of a frame's first row side by side, as `tile` shows each."""
    with st.container(horizontal=True, gap="small"):
        for column in columns:
            tile(view, frame, column, of, before)


def tile(
    view: View,
    frame: pd.DataFrame,
    column: str,
    of: tuple[str, ...],
    before: pd.DataFrame | None = None,
) -> None:
    """A figure of a frame's first row, large, with its meaning.

    Args:
        view: What is looked at.
        frame: The figures.
        column: Which of them.
        of: The published tables that it comes from; where none has such a column, it counts rows of
            the first.
        before: The same figures earlier, for the change.
    """
    value = frame.iloc[0][column]
    written = view.formats.write(column, value)
    change = value - before.iloc[0][column] if before is not None else 0
    st.metric(
        label(column),
        written,
        view.formats.write(column, change) if change else None,
        delta_color="off",
        help=view.meaning(column, of) or view.about(of[0]) or None,
        border=True,
        width=max(190, 40 + 14 * len(written)),  # nothing of a long amount may be cut off
    )


def table(view: View, frame: pd.DataFrame, of: tuple[str, ...]) -> None:
    """A frame as a table, without keys and orders; the key of a deal is a link to its page."""
    is_shown = [not column.endswith(("_key", "_order")) for column in frame.columns]
    shown = frame.loc[:, is_shown].copy()
    config: dict[str, object] = {
        column: st.column_config.Column(label(column), help=view.meaning(column, of) or None)
        for column in shown.columns
    }
    if "opportunity_key" in frame:
        shown.insert(0, "deal", [_deal_link(key) for key in frame["opportunity_key"]])
        config["deal"] = st.column_config.LinkColumn(
            "Deal", display_text="Open", help="Opens the deal's own page.", width="small"
        )
    written = {
        column: partial(view.formats.write, column)
        for column in shown.columns
        if kind_of(column) != "text"
    }
    st.dataframe(
        shown.style.format(written),  # type: ignore[arg-type]
        column_config=config,  # type: ignore[arg-type]
        hide_index=True,
        placeholder=NOTHING,
    )


def chart(view: View, drawn: Drawn, frame: pd.DataFrame, of: tuple[str, ...], says: str) -> None:
    """A picture of figures, and below it, folded, the same as a table.

    Args:
        view: What is looked at.
        drawn: The chart.
        frame: The figures that it draws.
        of: The published tables that they come from.
        says: What it shows, for those who cannot see it.
    """
    picture(view, drawn, says)
    with st.expander("The same as a table"):
        table(view, frame, of)


def picture(view: View, drawn: Drawn, says: str) -> None:
    """A chart alone; `says` is what it shows, for those who cannot see it."""
    st.altair_chart(localised(drawn, view.formats), alt=says)


def _deal_link(deal: str) -> str:
    """Address of a deal's page, beside that of the present one."""
    asked = {"deal": deal} | dict(st.query_params)
    return "deal?" + urlencode({key: asked[key] for key in ("deal", "currency") if key in asked})


def _definitions(view: View, title: str, frame: pd.DataFrame, of: tuple[str, ...]) -> None:
    with st.popover(
        "Definitions", icon=":material/menu_book:", type="tertiary", key=f"about {title}"
    ):
        meanings = {column: view.meaning(column, of) for column in frame.columns}
        lines = [
            f"**{label(column)}** (`{column}`): {said}" for column, said in meanings.items() if said
        ]
        st.markdown("\n\n".join(lines))
        st.caption("\n\n".join(f"`{name}`: {view.about(name)}" for name in of))


def _download(view: View, title: str, frame: pd.DataFrame) -> None:
    name = re.sub(r"\W+", "-", f"{title} {view.as_of} {view.formats.currency}").strip("-").lower()
    st.download_button(
        "CSV",
        partial(csv, frame),
        f"{name}.csv",
        "text/csv",
        key=f"file {title}",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        help=f"{len(frame)} rows with all their figures, as in the published tables.",
    )
