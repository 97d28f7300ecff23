"""Readers are taken back to an earlier version, and stay there until the rollback is ended."""

import datetime as dt

import pytest

from orchestration.publish import rollback
from orchestration.publish.versions import KEPT_VERSIONS, StaleLogError, VersionStore
from orchestration.published import open_published


@pytest.fixture
def store(company):
    for amount in (1, 2, 3):
        company.set_amounts(amount)
        company.publish()
    return VersionStore(company.settings.published_folder)


def what_readers_see(company):
    with open_published(company.settings) as reader:
        return reader.execute(
            "select (select max(version) from ops.publication), cast(max(amount) as integer)"
            " from marts.fct_opportunity"
        ).fetchall()[0]


def damage(store, version):
    file = store.folder(version) / "parquet" / "fct_opportunity.parquet"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-1])


def test_readers_see_the_version_before(company, store):
    with open_published(company.settings) as early:
        assert rollback.roll_back(store).version == 2
        assert what_readers_see(company) == (2, 2)
        assert early.execute("select max(version) from ops.publication").fetchall() == [(3,)]
    assert rollback.roll_back(store).version == 1
    assert what_readers_see(company) == (1, 1)


def test_readers_see_the_version_that_was_named(company, store):
    assert rollback.roll_back(store, 1).version == 1
    assert what_readers_see(company) == (1, 1)


def test_later_publications_are_made_and_kept_aside(company, store):
    rollback.roll_back(store)
    for amount in range(4, 4 + KEPT_VERSIONS):
        company.set_amounts(amount)
        made = company.publish()
        assert (made.version, made.shown_version, made.is_new) == (amount, 2, True)
    again = company.publish()
    assert (again.version, again.shown_version, again.is_new) == (amount, 2, False)
    assert what_readers_see(company) == (2, 2)
    assert 2 in store.numbers()


def test_a_rollback_that_is_ended_shows_the_newest_version(company, store):
    rollback.roll_back(store)
    company.set_amounts(4)
    company.publish()
    assert rollback.end_rollback(store).version == 4
    assert what_readers_see(company) == (4, 4)
    company.set_amounts(5)
    assert company.publish().shown_version == 5


def test_every_rollback_is_on_record_and_in_the_next_version(company, store):
    rollback.roll_back(store, 1)
    rollback.end_rollback(store)
    rollback.roll_back(store)
    assert rollback.standing(store).version == 2
    rollback.end_rollback(store)
    assert rollback.standing(store) is None
    company.set_amounts(4)
    company.publish()
    with open_published(company.settings) as reader:
        rows = reader.execute(
            "select version, from_version, rolled_back_at, ended_at >= rolled_back_at"
            " from ops.rollback order by all"
        ).fetchall()
    assert [(row[0], row[1], row[3]) for row in rows] == [(1, 3, True), (2, 3, True)]
    assert dt.datetime.now(dt.UTC).replace(tzinfo=None) - rows[0][2] < dt.timedelta(minutes=5)


def test_a_damaged_version_is_passed_over_and_refused_by_name(company, store):
    damage(store, 2)
    with pytest.raises(rollback.RollbackError, match="version 2 is not as its manifest says"):
        rollback.roll_back(store, 2)
    assert what_readers_see(company) == (3, 3)
    assert rollback.standing(store) is None
    assert rollback.roll_back(store).version == 1


def test_what_cannot_be_gone_back_to_is_said(company, store):
    with pytest.raises(rollback.RollbackError, match="version 9 is not kept; these are: 1, 2, 3"):
        rollback.roll_back(store, 9)
    rollback.roll_back(store, 1)
    with pytest.raises(rollback.RollbackError, match="no whole version before version 1"):
        rollback.roll_back(store)
    rollback.end_rollback(store)
    with pytest.raises(rollback.RollbackError, match="no rollback stands"):
        rollback.end_rollback(store)


def test_nothing_published_is_nothing_to_go_back_to(tmp_path):
    with pytest.raises(rollback.RollbackError, match="nothing is published yet"):
        rollback.roll_back(VersionStore(tmp_path / "published"))


def test_a_version_with_a_write_ahead_log_is_not_gone_back_to(store):
    (store.folder(2) / "salesops.duckdb.wal").write_bytes(b"left by a killed writer")
    with pytest.raises(StaleLogError, match="delete this file"):
        rollback.roll_back(store)


def test_a_rollback_to_a_version_that_was_damaged_since_ends(company, store):
    rollback.roll_back(store)
    damage(store, 2)
    company.set_amounts(4)
    assert company.publish().shown_version == 4
    assert rollback.standing(store) is None


def test_a_rollback_that_was_recorded_and_then_killed_is_completed_by_the_next_run(company, store):
    rollback.roll_back(store)
    store.switch_to(3)  # what readers saw when it was killed before the switch
    company.publish()
    assert what_readers_see(company) == (2, 2)
