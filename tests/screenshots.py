"""Pictures of dashboard and reports for the documentation: `python -m tests.screenshots`, after a
run.

They show what the home folder (`SALESOPS_HOME`) has published, the way its newest version stands.
"""

from __future__ import annotations

import io
from itertools import product
from pathlib import Path
from typing import Literal

import duckdb
from PIL import Image
from playwright.sync_api import Browser

from orchestration.published import open_published
from orchestration.report.write import REPORTS, write_report
from orchestration.settings import REPOSITORY, Settings
from tests.browser import opened, served

IMAGES = REPOSITORY / "docs" / "images"
WIDTHS, HIGHEST = (1440, 800), 1500
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PAGES = {
    "pipeline": "",
    "forecast": "forecast",
    "reps": "reps",
    "funnel": "funnel",
    "marketing": "marketing?period=Year+2026",
    "quality": "quality",
    "deal": "deal?deal={deal}",
}
"""Address of the page that a picture is named for."""


def shoot(browser: Browser, address: str, scheme: Literal["light", "dark"], width: int) -> bytes:
    """A page as a PNG, from its head down to where it ends, or as far as a picture goes."""
    page = browser.new_page(viewport={"width": width, "height": HIGHEST}, color_scheme=scheme)
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for(timeout=60_000)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(2500)  # charts and tables draw themselves afterwards
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    picture = page.screenshot(
        clip={"x": 0, "y": 0, "width": width, "height": min(int(height), HIGHEST)}
    )
    page.close()
    return picture


def shoot_report(
    browser: Browser, file: Path, scheme: Literal["light", "dark"], width: int
) -> bytes:
    """The head of a report as a PNG."""
    page = browser.new_page(viewport={"width": width, "height": HIGHEST}, color_scheme=scheme)
    page.goto(file.as_uri())
    picture = page.screenshot()
    page.close()
    return picture


def small(picture: bytes) -> bytes:
    """The picture as a PNG that a repository can bear: of its commonest 256 colours."""
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    counted = sorted(whole.getcolors(whole.width * whole.height) or [], reverse=True)
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in counted[:256] for part in colour])
    written = io.BytesIO()
    whole.quantize(palette=palette, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def eventful_deal(published: duckdb.DuckDBPyConnection) -> str:
    """Key of the open deal that most has happened to."""
    ((key,),) = published.execute(
        """
        select opportunity_key from marts.fct_opportunity_history
        semi join marts.mart_deal_health using (opportunity_key)
        group by all order by count(*) desc, opportunity_key limit 1
        """
    ).fetchall()
    return str(key)


def main(folder: Path = IMAGES) -> None:
    """Take every picture anew."""
    settings = Settings()
    with open_published(settings) as published:
        deal = eventful_deal(published)
    folder.mkdir(parents=True, exist_ok=True)
    with served(settings.home) as address, opened() as browser:
        for (name, place), scheme, width in product(PAGES.items(), SCHEMES, WIDTHS):
            picture = shoot(browser, f"{address}/{place.format(deal=deal)}", scheme, width)
            (folder / f"dashboard-{name}-{scheme}-{width}.png").write_bytes(small(picture))
        made = {name: write_report(settings, name).page for name in REPORTS}
        for (name, page), scheme, width in product(made.items(), SCHEMES, WIDTHS):
            picture = shoot_report(browser, page, scheme, width)
            (folder / f"report-{name}-{scheme}-{width}.png").write_bytes(small(picture))


if __name__ == "__main__":
    main()
