"""The dashboard in a real browser: it renders, asks nobody else, follows filters and versions."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from orchestration.formats import Formats
from tests import browser as browsers
from tests.conftest import Installation

PAGES = {
    "": "Pipeline",
    "forecast": "Forecast",
    "reps": "Rep performance",
    "funnel": "Funnel and bottlenecks",
    "marketing": "Marketing",
    "quality": "Data quality",
    "deal": "Deal",
}
# Below a page's own address Streamlit looks for its server first, and finds it above.
LOOKS_FOR_SERVER = re.compile(r"/\w+/_stcore/(health|host-config)$")
USD = Formats("USD", "USD")
EVIL_NAME = (
    "![a](https://example.com/a.png) <img src='https://example.com/b.png'> $x$ :red[c] **d**"
)
SECONDS = 1000
LONG = 60 * SECONDS


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsers.opened() as opened:
        yield opened


@pytest.fixture(scope="module")
def home(demo, tmp_path_factory) -> Path:
    """A home of its own with what the sample company published, and one deal of an evil name."""
    home = tmp_path_factory.mktemp("dashboard") / "home"
    shutil.copytree(demo[0].home / "published", home / "published", symlinks=True)
    file = Installation(home).published.resolve()
    file.chmod(0o644)
    with duckdb.connect(str(file)) as database:
        database.execute(
            """
            update marts.fct_opportunity set opportunity_name = $name
            where opportunity_key = $key
            """,
            {"name": EVIL_NAME, "key": some_deal(demo[0])},
        )
    return home


def some_deal(installation: Installation) -> str:
    ((key,),) = installation.query("select min(opportunity_key) from marts.fct_opportunity")
    return key


@pytest.fixture(scope="module")
def address(home) -> Iterator[str]:
    with browsers.served(home) as address:
        yield address


class Visit:
    """A page in the browser, and what it did beside showing itself."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.outside: list[str] = []
        self.errors: list[str] = []
        page.set_default_timeout(LONG)
        page.route("**/*", self._only_inside)
        page.on("console", lambda message: self._note(message.type, message.text, message.location))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, place: str) -> None:
        self.page.goto(f"{self.address}/{place}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible(timeout=LONG)
        self.settle()

    def settle(self) -> None:
        """Wait until the page has been put together, and nothing asks for it anew."""
        still = "[data-testid=stApp][data-test-script-state=notRunning]"
        self.page.wait_for_selector(still)
        self.page.wait_for_timeout(500)  # filters that go into the link may start a second run
        self.page.wait_for_selector(still)

    def tile(self, name: str) -> str:
        tile = self.page.get_by_test_id("stMetric").filter(has_text=name).first
        return tile.get_by_test_id("stMetricValue").inner_text()

    def _only_inside(self, route: Route) -> None:
        if route.request.url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def _note(self, kind: str, text: str, location: dict[str, object]) -> None:
        if kind == "error" and not LOOKS_FOR_SERVER.search(str(location.get("url", ""))):
            self.errors.append(f"{text} {location}")


@pytest.fixture(scope="module")
def context(browser) -> BrowserContext:
    return browser.new_context(viewport={"width": 1440, "height": 900})


@pytest.fixture
def visit(context, address) -> Iterator[Visit]:
    page = context.new_page()
    yield Visit(page, address)
    page.close()


@pytest.mark.parametrize("place", PAGES)
def test_a_page_renders_without_errors_and_asks_nobody_outside(visit, place):
    visit.open(place)
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(PAGES[place])
    expect(
        visit.page.locator(
            "[data-testid=stDataFrame] canvas, [data-testid=stVegaLiteChart] svg"
        ).first
    ).to_be_attached(timeout=LONG)
    assert visit.page.get_by_test_id("stException").count() == 0
    assert visit.outside == []
    assert visit.errors == []


def test_a_team_chosen_by_keyboard_changes_the_figures_to_those_of_the_mart(visit, demo):
    visit.open("reps")
    whole = visit.tile("Bookings amount")
    visit.page.get_by_role("combobox", name="Team").focus()
    visit.page.keyboard.type("Brian")
    visit.page.keyboard.press("Enter")
    ((bookings,),) = demo[0].query(
        """
        select bookings_amount from marts.mart_team_performance
        where period_type = 'quarter' and period_start_date = '2026-04-01'
            and user_name = 'Brian Williams'
        """
    )
    expected = USD.write("bookings_amount", bookings)
    assert expected != whole
    first = visit.page.get_by_test_id("stMetricValue").first
    expect(first).to_have_text(expected, timeout=LONG)
    expect(visit.page).to_have_url(re.compile(r"team=Brian(\+|%20)Williams"))


def test_a_section_gives_its_figures_as_a_file(visit, demo):
    visit.open("reps")
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="CSV").first.click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    ((name, bookings),) = demo[0].query(
        """
        select user_name, bookings_amount
        from marts.mart_team_performance inner join marts.dim_user using (user_key, user_name)
        where period_type = 'quarter' and period_start_date = '2026-04-01' and manager_key is null
        """
    )
    header, row = text.splitlines()
    assert header.startswith("user_name,bookings_amount,quota_amount")
    assert row.startswith(f"{name},{bookings},")


def test_a_name_from_the_data_is_text_and_loads_nothing(visit, demo):
    visit.open(f"deal?deal={some_deal(demo[0])}&find=example.com")
    heading = visit.page.get_by_role("heading", name="example.com")
    expect(heading).to_have_text(EVIL_NAME, timeout=LONG)
    assert visit.outside == []
    assert visit.errors == []


def test_a_new_version_shows_up_in_an_open_page(visit, home):
    visit.open("deal")
    expect(visit.page.get_by_text("Version 1, published")).to_be_visible(timeout=LONG)
    publish_again(Installation(home))
    expect(visit.page.get_by_text("Version 2, published")).to_be_visible(timeout=LONG)


def publish_again(installation: Installation) -> None:
    """Swap a second version in, as publishing does."""
    versions = installation.home / "published" / "versions"
    first = installation.published.resolve()
    second = versions / "000002" / first.name
    second.parent.mkdir()
    shutil.copy(first, second)
    second.chmod(0o644)
    with duckdb.connect(str(second)) as database:
        database.execute("update ops.publication set version = 2")
    current = installation.home / "published" / "current"
    swapped = current.with_name("next")
    swapped.symlink_to(second.parent.relative_to(current.parent))
    swapped.replace(current)
