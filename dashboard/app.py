"""The dashboard: `streamlit run dashboard/app.py`."""

from __future__ import annotations

from pathlib import Path

import duckdb
import streamlit as st

from dashboard.elements import plain
from dashboard.publication import Publication, newest, newest_file
from dashboard.view import View, chosen
from orchestration.company import CompanyError, load_company
from orchestration.published import NotPublishedError
from orchestration.queries import company
from orchestration.settings import Settings

LOOKS_AGAIN_SECONDS = 5
"""How often a page that is open asks whether there is a newer version."""

PAGES = {
    "pipeline": ("Pipeline", ":material/water:", {"period", "team", "currency"}),
    "forecast": ("Forecast", ":material/trending_up:", {"team", "currency"}),
    "reps": ("Rep performance", ":material/groups:", {"period", "team", "currency"}),
    "funnel": ("Funnel and bottlenecks", ":material/filter_alt:", {"period", "team", "currency"}),
    "marketing": ("Marketing", ":material/campaign:", {"period", "currency"}),
    "quality": ("Data quality", ":material/fact_check:", set[str]()),
    "deal": ("Deal", ":material/handshake:", {"team", "currency"}),
}


def main() -> None:
    """Show the page that was asked for, of the newest published version."""
    st.set_page_config("Sales operations", Path(__file__).with_name("icon.svg"), layout="wide")
    pages = {
        name: st.Page(
            f"app_pages/{name}.py",
            title=title,
            icon=icon,
            url_path=name,
            default=name == "pipeline",
        )
        for name, (title, icon, _) in PAGES.items()
    }
    page = st.navigation(list(pages.values()))
    title, _, asks = next(PAGES[name] for name, known in pages.items() if known == page)
    st.title(title, anchor=False)
    _watch(newest_file())
    try:
        publication = newest()
        currency = load_company(Settings()).reporting_currency
        if view := _view(publication, currency, asks):
            st.session_state["view"] = view
            page.run()
    except (NotPublishedError, CompanyError) as error:
        st.warning(plain(str(error)), icon=":material/info:")
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        st.warning(
            "The published version lacks something that this page shows; `salesops run` publishes "
            f"a newer one. {plain(str(error).splitlines()[0])}",
            icon=":material/info:",
        )


def _view(publication: Publication, currency: str, asks: set[str]) -> View | None:
    newest_row = publication.read(company.publication)
    if newest_row.empty:
        st.info(
            "No extract was loaded yet, so there is nothing to show. Put extracts into landing and "
            "run `salesops run`.",
            icon=":material/info:",
        )
        return None
    version, as_of, published_at = newest_row.iloc[0]
    view = chosen(publication, currency, as_of.date(), asks)
    st.sidebar.caption(
        f"As of {view.formats.date(as_of)}  \nVersion {version}, published "
        f"{view.formats.write('published_at', published_at)} UTC"
    )
    if view.rate != 1:
        st.sidebar.caption(
            f"Amounts are {currency} × {view.rate:,.6g}, the rate of {view.formats.date(as_of)}."
        )
    return view


@st.fragment(run_every=LOOKS_AGAIN_SECONDS)
def _watch(shown: Path) -> None:
    if newest_file() != shown and newest_file().is_file():
        st.rerun()


main()
