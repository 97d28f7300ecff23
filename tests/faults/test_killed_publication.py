"""A publication killed at any point leaves the old version or the new one, never a part of it."""

import json
import signal

import duckdb
import pytest

from orchestration.publish.manifest import damaged_files, read_manifest
from orchestration.publish.versions import KEPT_VERSIONS
from orchestration.published import open_published
from tests.faults.processes import killed
from tests.figures import PUBLISHING_KILLED
from tests.publishing import Company, make_company, publish

AT_THE_END = 3  # of ten points: where the version is switched to and old ones are deleted


@pytest.fixture
def company(tmp_path) -> Company:
    return make_company(tmp_path / "a home")


def publish_run_1(settings):
    publish(settings, run_id="run 1")


def run(settings, at):
    return killed(publish_run_1, settings, places="orchestration/publish", at=at)


def what_readers_see(settings):
    """The amount that database, Parquet and manifest agree on."""
    with open_published(settings) as reader:
        version, amount, other = reader.execute(
            "select (select max(version) from ops.publication), max(amount), min(amount)"
            " from marts.fct_opportunity"
        ).fetchone()
    folder = settings.published_folder
    parquet = str(folder / "parquet" / "fct_opportunity.parquet")
    found = duckdb.connect().execute(
        "select max(amount), min(amount) from read_parquet(?)", [parquet]
    )
    assert found.fetchone() == (amount, other) == (amount, amount)
    assert json.loads((folder / "manifest.json").read_text())["version"] == version
    manifest = read_manifest(folder / "current")
    assert damaged_files(folder / "current", manifest) == []
    return int(amount)


def test_a_killed_publication_leaves_a_whole_version_and_the_next_one_succeeds(
    company, figure, full
):
    settings = company.settings
    for number in range(KEPT_VERSIONS + 1):  # so that an old version is deleted each time
        company.set_amounts(number)
        publish(settings, run_id="run 1")
    company.set_amounts(-1)
    exit_code, calls = run(settings, at=-1)
    assert exit_code == 0
    count = 100 if full else 6
    last = count * AT_THE_END // 10
    points = [1 + calls * point // (count - last) for point in range(count - last)]
    points += range(calls - last, calls)
    killings = figure(PUBLISHING_KILLED, count)
    seen, outcomes = -1, []
    for number, at in enumerate(points):
        company.set_amounts(number)
        exit_code, _ = run(settings, at)
        assert exit_code == -signal.SIGKILL
        before, seen = seen, what_readers_see(settings)
        assert seen in (before, number)
        outcomes.append(seen == number)
        publish(settings, run_id="run 1")
        seen = what_readers_see(settings)
        assert seen == number
        assert [path.name for path in settings.published_folder.rglob(".*")] == []
        killings.reach()
    assert True in outcomes
    assert False in outcomes


def test_a_first_publication_that_is_killed_shows_nothing(company):
    settings = company.settings
    _, calls = run(settings, at=40)
    assert calls == 40
    assert not settings.published_file.exists()
    assert publish(settings, run_id="run 1").is_new
