"""What one looks at: a published version, a team, a period, a currency; all of it in the link."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Concatenate

import duckdb
import pandas as pd
import streamlit as st

from dashboard.publication import Publication
from orchestration.formats import Formats, kind_of
from orchestration.meanings import Meanings, meanings
from orchestration.queries import company
from orchestration.queries.performance import PeriodType

EVERYBODY = "Whole company"


@dataclass(frozen=True)
class Period:
    """A fiscal quarter or year or a month; the last day may lie after the as-of date."""

    type: PeriodType
    first: dt.date
    last: dt.date
    label: str


@dataclass(frozen=True)
class View:
    """What the filters say, and the figures seen through them.

    Attributes:
        publication: The published version.
        as_of: The day that its figures are as of.
        team: Key of the manager whose team is looked at; None for everybody.
        team_name: The manager's name, or what stands for everybody.
        owners: Keys of the users in the team; None for everybody.
        node: Key of the node of the manager tree that is looked at: the manager, or the one top of
            the tree; None where it has several.
        period: The period looked at.
        formats: How figures are written.
        rate: Units of the currency shown per unit of the reporting one, as of the as-of date.
    """

    publication: Publication
    as_of: dt.date
    team: str | None
    team_name: str
    owners: list[str] | None
    node: str | None
    period: Period
    formats: Formats
    rate: float

    def read(
        self,
        query: Callable[Concatenate[duckdb.DuckDBPyConnection, ...], pd.DataFrame],
        **values: Any,
    ) -> pd.DataFrame:
        """The rows of a query, amounts in the currency shown.

        Raises:
            duckdb.CatalogException: the published version lacks a table that the query reads.
            duckdb.BinderException: it lacks a column.
        """
        frame = self.publication.read(query, **values)
        if self.rate != 1:
            for column in frame.columns:
                if kind_of(str(column)) == "money":
                    frame[column] = (frame[column] * self.rate).round(2)
        return frame

    def meaning(self, column: str, of: tuple[str, ...]) -> str:
        """What a column holds, in the words of the first of the tables that has it; else ''."""
        names = (column, column.removesuffix("_original"))
        found = (self._meanings.get((table, name)) for name in names for table in of)
        return next((said for said in found if said), "")

    def about(self, table: str) -> str:
        """What a table holds, a row and all."""
        return self._meanings.get((table, ""), "")

    @cached_property
    def _meanings(self) -> Meanings:
        return meanings(self.publication.read(company.meanings))


def current() -> View:
    """What the page that is being shown looks at."""
    view: View = st.session_state["view"]
    return view


def chosen(
    publication: Publication, reporting_currency: str, as_of: dt.date, asks: set[str]
) -> View:
    """Ask in the sidebar what is to be looked at; each answer stands in the link.

    Args:
        publication: The published version.
        reporting_currency: ISO 4217 code of the currency that published amounts are in.
        as_of: The day that the figures are as of.
        asks: What the page lets one choose, of 'period', 'team' and 'currency'.
    """
    known = publication.read(company.periods)
    periods = {
        label: Period(kind, first.date(), last.date(), label)
        for kind, first, last, label in known.itertuples(index=False)
    }
    teams = publication.read(company.teams)
    keys = dict(zip(teams["user_name"], teams["user_key"], strict=True))
    rates = publication.read(company.rates, day=as_of)
    rate_of = {reporting_currency: 1.0} | dict(
        zip(rates["currency_code"], rates["rate"], strict=True)
    )
    period = _select("Period", list(periods), "period", "period" in asks)
    team = _select("Team", [EVERYBODY, *keys], "team", "team" in asks)
    currency = _select("Currency", list(rate_of), "currency", "currency" in asks)
    key = keys.get(team)
    tops = list(teams.loc[teams["is_top"], "user_key"])
    return View(
        publication,
        as_of,
        key,
        team,
        list(publication.read(company.members, team=key)["user_key"]) if key else None,
        key or (tops[0] if len(tops) == 1 else None),
        periods[period],
        Formats(reporting_currency, currency),
        rate_of[currency],
    )


def _select(name: str, options: list[str], key: str, is_asked: bool) -> str:
    if not is_asked:
        return options[0]
    return st.sidebar.selectbox(name, options, key=key, bind="query-params")
