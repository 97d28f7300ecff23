"""Readers in processes of their own ask all the time while versions follow one another."""

import json
import multiprocessing

import duckdb
import pytest

from orchestration.published import open_published
from tests.figures import READERS
from tests.publishing import Company, make_company, publish


@pytest.fixture
def company(tmp_path) -> Company:
    return make_company(tmp_path / "a home")


ANSWER = """
select
    (select max(version) from ops.publication),
    (select cast(min(amount) as integer) from marts.fct_opportunity),
    (select cast(max(amount) as integer) from marts.fct_opportunity),
    (select cast(bookings_amount as integer) // 2 from marts.mart_bookings)
"""


def ask_by_helper(settings):
    with open_published(settings) as reader:
        return reader.execute(ANSWER).fetchone()


def ask_by_name(settings):
    with duckdb.connect(str(settings.published_file), read_only=True) as reader:
        first = reader.execute(ANSWER).fetchone()
        assert reader.execute(ANSWER).fetchone() == first
    return first


def ask_parquet(settings):
    folder = (settings.published_folder / "current").resolve()
    manifest = json.loads((folder / "manifest.json").read_text())
    with duckdb.connect() as reader:
        least, most = reader.execute(
            "select cast(min(amount) as integer), cast(max(amount) as integer)"
            f" from read_parquet('{folder}/parquet/fct_opportunity.parquet')"
        ).fetchone()
        (bookings,) = reader.execute(
            "select cast(bookings_amount as integer) // 2"
            f" from read_parquet('{folder}/parquet/mart_bookings.parquet')"
        ).fetchone()
    return manifest["version"], least, most, bookings


def keep_asking(ask, settings, stop, answers):
    seen, asked, wrong = set(), 0, []
    while not stop.wait(0.02):
        try:
            answer = ask(settings)
        except Exception as error:  # whatever it is, the reader was disturbed
            wrong.append(repr(error))
            break
        asked += 1
        seen.add(answer[0])
        if len(set(answer)) > 1:
            wrong.append(f"a mixture: {answer}")
    answers.put((ask.__name__, asked, sorted(seen), wrong))


def test_readers_see_complete_versions_only_and_no_error(company, figure, full):
    count = 500 if full else 12
    consistent = figure(READERS, count)

    def publish_number(number):
        company.set_amounts(number)
        publication = publish(company.settings, run_id="run 1")
        assert publication.version == number

    publish_number(1)
    processes = multiprocessing.get_context("spawn")
    stop, answers = processes.Event(), processes.Queue()
    asks = [ask_by_helper, ask_by_helper, ask_by_name, ask_parquet]
    readers = [
        processes.Process(target=keep_asking, args=(ask, company.settings, stop, answers))
        for ask in asks
    ]
    for reader in readers:
        reader.start()
    try:
        for number in range(2, count + 1):
            publish_number(number)
    finally:
        stop.set()
    results = [answers.get(timeout=60) for _ in readers]
    for reader in readers:
        reader.join(timeout=60)
    for name, asked, seen, wrong in results:
        assert wrong == [], name
        assert asked > len(seen) > 5, f"{name} asked {asked} times and saw {seen}"
    for _ in range(count):
        consistent.reach()


@pytest.mark.parametrize("ask", [ask_by_helper, ask_by_name, ask_parquet])
def test_a_connection_opened_later_in_one_process_sees_the_newer_version(company, ask):
    company.set_amounts(1)
    publish(company.settings, run_id="run 1")
    with open_published(company.settings) as early:
        company.set_amounts(2)
        publish(company.settings, run_id="run 1")
        assert ask(company.settings) == (2, 2, 2, 2)
        assert early.execute(ANSWER).fetchone() == (1, 1, 1, 1)
