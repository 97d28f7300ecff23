import sys

import pytest

from orchestration.publish.versions import DATABASE_NAME, KEPT_VERSIONS, VersionStore


@pytest.fixture
def store(tmp_path):
    return VersionStore(tmp_path / "published")


def make_version(store, number):
    with store.building() as folder:
        (folder / DATABASE_NAME).write_text(f"database {number}")
        (folder / "parquet").mkdir()
        (folder / "parquet" / "dim_date.parquet").write_text(f"parquet {number}")
        (folder / "manifest.json").write_text(f"manifest {number}")
        store.complete(folder, number)


def what_readers_see(store):
    """Versions that the published names lead to, and None where one leads nowhere."""
    names = (DATABASE_NAME, "parquet/dim_date.parquet", "manifest.json")
    files = [store.published / name for name in names]
    return {file.read_text().split()[1] if file.is_file() else None for file in files}


def test_every_name_leads_to_a_complete_version_at_every_moment_of_the_switch(store):
    for number in (1, 2):
        make_version(store, number)
    store.switch_to(1)
    seen = []

    def look(frame, event, argument):
        if event in ("call", "c_call", "return", "c_return"):
            sys.setprofile(None)
            seen.append(what_readers_see(store))
            sys.setprofile(look)

    sys.setprofile(look)
    store.switch_to(2)
    sys.setprofile(None)
    assert len(seen) > 20
    assert (seen[0], seen[-1]) == ({"1"}, {"2"})
    assert all(versions in ({"1"}, {"2"}) for versions in seen)


def test_a_version_is_not_seen_before_it_is_switched_to(store):
    make_version(store, 1)
    assert what_readers_see(store) == {None}
    assert store.current_number() is None
    store.switch_to(1)
    assert what_readers_see(store) == {"1"}
    assert store.current_number() == 1


def test_a_version_that_failed_while_it_was_built_leaves_nothing(store):
    def fail():
        with store.building() as folder:
            (folder / DATABASE_NAME).write_text("half")
            raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk full"):
        fail()
    assert store.numbers() == []
    assert list(store.versions.iterdir()) == []


def test_leftovers_of_a_killed_process_are_cleared(store):
    (store.versions / ".building").mkdir(parents=True)
    (store.versions / ".retired-3").mkdir()
    (store.published / ".current.new").symlink_to("versions/000009")
    make_version(store, 1)
    assert [path.name for path in store.versions.iterdir()] == ["000001"]
    assert not (store.published / ".current.new").is_symlink()


def test_the_version_that_readers_see_is_never_pruned(store):
    for number in range(1, KEPT_VERSIONS + 3):
        make_version(store, number)
    store.switch_to(1)
    store.prune()
    assert store.numbers() == [1, *range(3, KEPT_VERSIONS + 3)]


def test_numbers_go_on_after_going_back_to_an_earlier_version(store):
    for number in (1, 2, 3):
        make_version(store, number)
    store.switch_to(1)
    assert store.next_number() == 4
