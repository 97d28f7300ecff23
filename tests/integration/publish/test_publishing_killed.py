"""A publication killed at any point leaves the old version or the new one, never a part of it."""

import json
import multiprocessing
import os
import signal
import sys

import duckdb

from orchestration.publish.manifest import damaged_files, read_manifest
from orchestration.publish.versions import KEPT_VERSIONS
from orchestration.published import open_published
from tests.publishing import publish

POINTS_ALL_OVER = 30
POINTS_AT_THE_END = 10  # where the version is switched to and old ones are deleted


def publish_and_die(settings, calls_to_live, made):
    """Publish; SIGKILL strikes at the given call that the publishing code makes."""

    def count(frame, event, argument):
        if "orchestration/publish" in frame.f_code.co_filename and event in ("call", "c_call"):
            made.value += 1
            if made.value == calls_to_live:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    publish(settings, run_id="run 1")


def run(settings, calls_to_live):
    """Publish in a process of its own; returns its exit code and the calls it made."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.publishing"])
    made = processes.Value("q", 0)
    process = processes.Process(target=publish_and_die, args=(settings, calls_to_live, made))
    process.start()
    process.join(timeout=60)
    return process.exitcode, made.value


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


def test_a_killed_publication_leaves_a_whole_version_and_the_next_one_succeeds(company):
    settings = company.settings
    for number in range(KEPT_VERSIONS + 1):  # so that an old version is deleted each time
        company.set_amounts(number)
        publish(settings, run_id="run 1")
    company.set_amounts(-1)
    exit_code, calls = run(settings, calls_to_live=-1)
    assert exit_code == 0
    points = [1 + calls * point // POINTS_ALL_OVER for point in range(POINTS_ALL_OVER)]
    points += range(calls - POINTS_AT_THE_END, calls)
    seen, outcomes = -1, []
    for number, calls_to_live in enumerate(points):
        company.set_amounts(number)
        exit_code, _ = run(settings, calls_to_live)
        assert exit_code == -signal.SIGKILL
        before, seen = seen, what_readers_see(settings)
        assert seen in (before, number)
        outcomes.append(seen == number)
        publish(settings, run_id="run 1")
        seen = what_readers_see(settings)
        assert seen == number
        assert [path.name for path in settings.published_folder.rglob(".*")] == []
    assert True in outcomes
    assert False in outcomes


def test_a_first_publication_that_is_killed_shows_nothing(company):
    settings = company.settings
    _, calls = run(settings, calls_to_live=40)
    assert calls == 40
    assert not settings.published_file.exists()
    assert publish(settings, run_id="run 1").is_new
