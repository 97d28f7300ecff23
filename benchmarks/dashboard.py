"""How soon the dashboard's pages show figures, in a browser.

Run it as ``python -m benchmarks.dashboard``, on what the home folder (``SALESOPS_HOME``) has
published. Each page is opened in a browser context of its own, so nothing of it is in the browser's
cache. In the first round the server has nothing in memory either, which is what the first visitor
after a publication sees.
"""

from __future__ import annotations

import argparse
import statistics
import time

from playwright.sync_api import Browser

from orchestration.settings import Settings
from tests.browser import opened, served

PAGES = ("", "forecast", "reps", "funnel", "marketing", "quality", "deal")
FIGURE = (
    "[data-testid=stMetricValue], [data-testid=stDataFrame] canvas, "
    "[data-testid=stVegaLiteChart] svg"
)
COMPLETE = "[data-testid=stApp][data-test-script-state=notRunning]"


def main() -> None:
    """Open every page so many times, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dashboard")
    parser.add_argument("--rounds", type=int, default=5, help="after the first")
    parser.add_argument("--link", default="", help="query of each page, such as 'period=2026+Q2'")
    options = parser.parse_args()
    with served(Settings().home) as address, opened() as browser:
        rounds = [
            [visit(browser, f"{address}/{page}?{options.link}") for page in PAGES]
            for _ in range(options.rounds + 1)
        ]
    print("| page | first visit: first figure, complete | later visits, median |\n|---|---|---|")
    for number, page in enumerate(PAGES):
        first, *later = (visits[number] for visits in rounds)
        usual = [statistics.median(seconds) for seconds in zip(*later, strict=True)]
        cells = (" s, ".join(f"{seconds:.2f}" for seconds in both) for both in (first, usual))
        print(f"| {page or 'pipeline'} | {' s | '.join(cells)} s |")


def visit(browser: Browser, address: str) -> tuple[float, float]:
    """Seconds from asking for a page to its first figure, and until it is complete."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(FIGURE, state="attached", timeout=120_000)
    first = time.perf_counter() - began
    page.wait_for_selector(COMPLETE, timeout=120_000)
    complete = time.perf_counter() - began
    page.context.close()
    return first, complete


if __name__ == "__main__":
    main()
