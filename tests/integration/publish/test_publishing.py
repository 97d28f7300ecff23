import datetime as dt
import hashlib
import json

import duckdb
import pytest

from orchestration.publish import publication
from orchestration.publish.audit import NotAuditedError
from orchestration.publish.contacts import ContactError
from orchestration.publish.database import VerificationError, verify
from orchestration.publish.functions import list_functions
from orchestration.publish.publication import MissingMartsError
from orchestration.publish.versions import KEPT_VERSIONS, StaleLogError
from orchestration.published import NotPublishedError, open_published
from tests.publishing import publish


def query(settings, statement):
    with open_published(settings) as reader:
        return reader.execute(statement).fetchall()


def links(settings):
    folder = settings.published_folder
    return {path.name for path in folder.iterdir()}


def test_readers_find_database_parquet_and_manifest_at_their_names(company):
    publication = publish(company.settings, run_id="run 1")
    folder = company.settings.published_folder
    assert links(company.settings) == {
        "current", "salesops.duckdb", "parquet", "manifest.json", "versions",
    }  # fmt: skip
    with duckdb.connect(str(folder / "salesops.duckdb"), read_only=True) as reader:
        amounts = "select sum(amount) from marts.fct_opportunity"
        assert str(reader.execute(amounts).fetchone()[0]) == "350.50"
    parquet = str(folder / "parquet" / "mart_bookings.parquet")
    found = (
        duckdb.connect()
        .execute("select bookings_amount from read_parquet(?)", [parquet])
        .fetchone()
    )
    assert str(found[0]) == "350.50"
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["version"] == publication.version == 1
    assert manifest["as_of_date"] == "2026-06-30"
    rows = {(t["schema_name"], t["table_name"]): t["row_count"] for t in manifest["tables"]}
    assert rows == {
        ("marts", "fct_opportunity"): 2,
        ("marts", "mart_bookings"): 1,
        ("ops", "check_result"): 1,
        ("ops", "load_ledger"): 1,
        ("ops", "quarantined_row"): 1,
    }
    files = {file["path"]: file["sha256"] for file in manifest["files"]}
    assert set(files) == {
        "salesops.duckdb", "parquet/fct_opportunity.parquet", "parquet/mart_bookings.parquet",
    }  # fmt: skip
    for path, sha256 in files.items():
        assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == sha256


def test_only_marts_and_chosen_operational_tables_are_published(company):
    publish(company.settings, run_id="run 1")
    found = query(company.settings, "select schema_name || '.' || table_name from duckdb_tables()")
    assert {name for (name,) in found} == {
        "marts.fct_opportunity", "marts.mart_bookings", "ops.load_ledger", "ops.quarantined_row",
        "ops.check_result", "ops.publication", "ops.publication_table", "ops.rollback",
    }  # fmt: skip


def test_no_address_is_published_in_clear(company):
    publish(company.settings, run_id="run 1")
    (email,), (nothing,) = query(
        company.settings, "select email from marts.fct_opportunity order by opportunity_key"
    )
    assert len(email) == 64
    assert nothing is None
    columns = query(company.settings, "select * from (describe ops.quarantined_row)")
    assert [name for name, *_ in columns] == ["file_name", "line_number", "reasons"]
    reasons = query(company.settings, "select reasons from ops.quarantined_row")
    assert reasons == [(["Email [withheld] is too long", "Amount 'x' is no number"],)]
    for file in company.settings.published_folder.rglob("*"):
        if file.is_file():
            assert b"@example.com" not in file.read_bytes(), file


def test_contact_data_that_cannot_be_hidden_stops_the_publication(company):
    company.execute("create table marts.dim_person as select {'email': 'a@example.com'} as person")
    with pytest.raises(ContactError, match="dim_person"):
        publish(company.settings, run_id="run 1")
    with pytest.raises(NotPublishedError, match="nothing is published yet"):
        open_published(company.settings)


def test_comments_go_with_their_tables(company):
    publish(company.settings, run_id="run 1")
    comments = query(
        company.settings,
        "select comment from duckdb_tables() where table_name = 'fct_opportunity' union all "
        "select comment from duckdb_columns() where column_name = 'amount'",
    )
    assert comments == [
        ("One row per opportunity, the company's own.",),
        ("In the reporting currency.",),
    ]


def test_clients_of_duckdb_1_4_can_open_the_file(company):
    publish(company.settings, run_id="run 1")
    tags = "select tags['storage_version'] from duckdb_databases() where database_name = 'salesops'"
    assert query(company.settings, tags) == [("v1.4.0+",)]
    # The main header: 8 bytes checksum, 'DUCK', then the number of the storage format.
    head = company.settings.published_file.read_bytes()[:20]
    assert head[8:12] == b"DUCK"
    assert int.from_bytes(head[12:20], "little") == 67


def test_publishing_the_same_again_makes_no_new_version_and_says_so(company):
    first = publish(company.settings, run_id="run 1")
    company.check("run 2")
    company.execute("update ops.load_ledger set loaded_at = now()::timestamp")
    company.execute(
        "create table main.reordered as from marts.fct_opportunity order by opportunity_key desc;"
        " delete from marts.fct_opportunity;"
        " insert into marts.fct_opportunity from main.reordered;"
        " drop table main.reordered"
    )
    again = publish(company.settings, run_id="run 2")
    assert first.is_new
    assert not again.is_new
    assert again.version == first.version == 1
    assert again.folder == first.folder


@pytest.mark.parametrize(
    "change",
    [
        "update marts.fct_opportunity set amount = 1 where opportunity_key = 'salesforce:1'",
        "update intermediate.int_as_of_date set as_of_date = date '2026-07-01'",
        "comment on column marts.fct_opportunity.amount is 'Said better than before.'",
        "insert into ops.load_ledger select 'Lead', 0, timestamp '2026-07-01'",
        "update ops.check_result set severity = 'warning', status = 'failed', failed_count = 3",
        "create table marts.dim_date as select date '2026-01-01' as date_day",
        "create or replace macro marts.bookings_above(lowest) as table"
        " select opportunity_key from marts.fct_opportunity where amount >= lowest",
        "comment on macro table marts.bookings_above is 'Said better than before.'",
    ],
)
def test_a_change_of_what_readers_see_makes_a_new_version(company, change):
    publish(company.settings, run_id="run 1")
    company.execute(change)
    publication = publish(company.settings, run_id="run 1")
    assert publication.is_new
    assert publication.version == 2


def test_every_publication_is_in_the_published_history(company):
    publish(company.settings, run_id="run 1")
    company.set_amounts(7)
    second = publish(company.settings, run_id="run 1")
    history = query(
        company.settings,
        "select version, as_of_date, run_id, table_count, row_count, file_sha256"
        " from ops.publication order by version",
    )
    first_file = second.folder.parent / "000001" / "salesops.duckdb"
    sha256 = hashlib.sha256(first_file.read_bytes()).hexdigest()
    assert history == [
        (1, dt.date(2026, 6, 30), "run 1", 5, 6, sha256),
        (2, dt.date(2026, 6, 30), "run 1", 5, 6, None),
    ]
    tables = query(
        company.settings,
        "select row_count, count(distinct checksum) from ops.publication_table"
        " where table_name = 'fct_opportunity' group by all",
    )
    assert tables == [(2, 2)]


def test_the_last_versions_stay_and_older_ones_go(company):
    for number in range(KEPT_VERSIONS + 2):
        company.set_amounts(number)
        publish(company.settings, run_id="run 1")
    kept = sorted(path.name for path in (company.settings.published_folder / "versions").iterdir())
    assert kept == ["000003", "000004", "000005", "000006", "000007"]
    assert query(company.settings, "select count(*) from ops.publication") == [(7,)]


def test_a_reader_keeps_the_version_it_opened(company):
    publish(company.settings, run_id="run 1")
    amounts = "select distinct amount from marts.fct_opportunity order by all"
    with open_published(company.settings) as early:
        for number in range(KEPT_VERSIONS + 1):
            company.set_amounts(number)
            publish(company.settings, run_id="run 1")
        assert [str(row[0]) for row in early.execute(amounts).fetchall()] == ["100.00", "250.50"]
        assert [str(row[0]) for row in query(company.settings, amounts)] == ["5.00"]


@pytest.mark.parametrize("status", ["failed", "error"])
def test_a_blocking_check_that_did_not_pass_leaves_the_last_version(company, status):
    publish(company.settings, run_id="run 1")
    company.set_amounts(-1)
    company.check("run 2", status=status)
    with pytest.raises(NotAuditedError, match=r"marts\.fct_opportunity: keys_are_unique"):
        publish(company.settings, run_id="run 2")
    assert query(company.settings, "select max(version) from ops.publication") == [(1,)]
    assert str(query(company.settings, "select max(amount) from marts.fct_opportunity")[0][0]) == (
        "250.50"
    )


def test_a_warning_does_not_block(company):
    company.check("run 2", status="failed", severity="warning")
    assert publish(company.settings, run_id="run 2").is_new


def test_a_check_repeated_in_its_run_counts_with_its_last_result(company):
    company.check("run 2", status="failed")
    company.check("run 2", status="passed")
    assert publish(company.settings, run_id="run 2").is_new


def test_a_run_does_not_publish_what_a_later_run_has_made(company):
    company.check("run 2", status="failed")
    with pytest.raises(NotAuditedError, match=r"run 2 changed and checked .* after run run 1"):
        publish(company.settings, run_id="run 1")


def test_a_run_into_which_another_came_does_not_publish_what_that_one_made(company):
    company.check("run 2", status="failed")
    company.check("run 1")  # goes on afterwards
    with pytest.raises(NotAuditedError, match=r"run 2 changed and checked .* after run run 1"):
        publish(company.settings, run_id="run 1")


def test_what_was_not_checked_is_not_published(company):
    with pytest.raises(NotAuditedError, match="run 9 checked no mart"):
        publish(company.settings, run_id="run 9")
    company.execute("drop table ops.check_result")
    with pytest.raises(NotAuditedError, match=r"ops\.check_result does not exist"):
        publish(company.settings, run_id="run 1")


def test_a_version_without_one_of_its_marts_is_not_published(company):
    marts = {"fct_opportunity", "mart_bookings", "bookings_above", "fct_quota"}
    with pytest.raises(MissingMartsError, match="not in the warehouse: marts fct_quota; build"):
        publication.publish(company.settings, run_id="run 1", marts=marts)


def test_a_mart_whose_model_was_removed_is_not_published_any_more(company):
    publish(company.settings, run_id="run 1")
    publication.publish(company.settings, run_id="run 1", marts={"fct_opportunity"})
    assert query(
        company.settings,
        "select table_name from duckdb_tables() where schema_name = 'marts'"
        " union all select function_name from duckdb_functions() where schema_name = 'marts'",
    ) == [("fct_opportunity",)]
    parquet = company.settings.published_folder / "parquet"
    assert [file.name for file in parquet.iterdir()] == ["fct_opportunity.parquet"]


@pytest.mark.parametrize("place", ["published/salesops.duckdb.wal", "version"])
def test_a_stale_write_ahead_log_is_refused(company, place):
    publication = publish(company.settings, run_id="run 1")
    log = company.settings.home / place
    if place == "version":
        log = publication.folder / "salesops.duckdb.wal"
    log.write_bytes(b"left by a killed writer")
    company.set_amounts(3)
    with pytest.raises(StaleLogError, match="delete this file"):
        publish(company.settings, run_id="run 1")
    assert not (company.settings.published_folder / "versions" / "000002").exists()
    log.unlink()
    assert publish(company.settings, run_id="run 1").version == 2


@pytest.mark.parametrize("damage", ["flip", "truncate", "remove", "manifest", "parquet"])
def test_a_damaged_version_is_replaced_by_a_new_one(company, damage):
    publication = publish(company.settings, run_id="run 1")
    name = {"manifest": "manifest.json", "parquet": "parquet/fct_opportunity.parquet"}
    file = publication.folder / name.get(damage, "salesops.duckdb")
    file.chmod(0o644)
    content = bytearray(file.read_bytes())
    if damage == "remove":
        file.unlink()
    else:
        content[len(content) // 2] ^= 1
        file.write_bytes(content[:-100] if damage == "truncate" else content)
    if damage == "manifest":
        file.write_bytes(content[:200])
    mended = publish(company.settings, run_id="run 1")
    assert mended.is_new
    assert mended.version == 2
    assert query(company.settings, "select count(*) from marts.fct_opportunity") == [(2,)]


def test_files_put_in_the_place_of_the_links_are_mended(company):
    publish(company.settings, run_id="run 1")
    folder = company.settings.published_folder
    (folder / "salesops.duckdb").unlink()
    (folder / "salesops.duckdb").write_text("no database")
    (folder / "parquet").unlink()
    (folder / "parquet").mkdir()
    assert not publish(company.settings, run_id="run 1").is_new
    assert query(company.settings, "select count(*) from marts.fct_opportunity") == [(2,)]
    assert (folder / "parquet" / "fct_opportunity.parquet").is_file()


def test_a_copy_that_differs_from_the_warehouse_is_found(company):
    publication = publish(company.settings, run_id="run 1")
    file = publication.folder / "salesops.duckdb"
    file.chmod(0o644)
    with duckdb.connect(str(file)) as vandal:
        vandal.execute("update marts.fct_opportunity set amount = amount + 0.01")
    with pytest.raises(VerificationError, match="fct_opportunity"):
        verify(file, publication.tables, [])


def test_functions_are_called_on_the_published_tables(company):
    publish(company.settings, run_id="run 1")
    company.set_amounts(7)
    call = "select * from marts.bookings_above(200)"
    assert query(company.settings, call) == [("salesforce:2",)]
    with duckdb.connect() as elsewhere:
        elsewhere.execute(f"attach '{company.settings.published_file}' as sales (read_only)")
        elsewhere.execute("use sales")
        assert elsewhere.execute(call).fetchall() == [("salesforce:2",)]
    comment = "select comment from duckdb_functions() where function_name = 'bookings_above'"
    assert query(company.settings, comment) == [("One row per opportunity above an amount.",)]
    (listed,) = json.loads((company.settings.published_folder / "manifest.json").read_text())[
        "functions"
    ]
    assert (listed["function_name"], listed["parameters"]) == ("bookings_above", ["lowest"])


def test_a_function_of_what_is_not_published_stops_the_publication(company):
    company.execute("create macro marts.secrets() as table select x from intermediate.int_secret")
    with pytest.raises(VerificationError, match=r'marts\."secrets": a reader cannot call it'):
        publish(company.settings, run_id="run 1")
    with pytest.raises(NotPublishedError, match="nothing is published yet"):
        open_published(company.settings)


def test_a_function_that_differs_from_the_warehouse_is_found(company):
    publication = publish(company.settings, run_id="run 1")
    with duckdb.connect(str(company.settings.warehouse_file), read_only=True) as warehouse:
        functions = list_functions(warehouse)
    file = publication.folder / "salesops.duckdb"
    file.chmod(0o644)
    with duckdb.connect(str(file)) as vandal:
        vandal.execute(
            "create or replace macro marts.bookings_above(lowest, highest) as table"
            " select opportunity_key from marts.fct_opportunity"
        )
    with pytest.raises(VerificationError, match="takes or says something else"):
        verify(file, publication.tables, functions)


def test_a_published_version_is_read_only(company):
    publication = publish(company.settings, run_id="run 1")
    for file in publication.folder.rglob("*.*"):
        if file.is_file():
            assert file.stat().st_mode & 0o222 == 0, file


@pytest.mark.parametrize(
    "statement",
    [
        "copy marts.fct_opportunity to '{folder}/out.csv'",
        "select * from read_text('{folder}/manifest.json')",
        "attach '{folder}/other.duckdb'",
        "set enable_external_access = true",
        "set memory_limit = '1GB'",
        "create table marts.mine as select 1 as x",
        "delete from marts.fct_opportunity",
    ],
)
def test_the_analysts_connection_reads_and_does_nothing_else(company, statement):
    publish(company.settings, run_id="run 1")
    folder = company.settings.published_folder
    before = set(folder.rglob("*"))
    with open_published(company.settings) as reader, pytest.raises(duckdb.Error):
        reader.execute(statement.format(folder=folder))
    assert set(folder.rglob("*")) == before


def test_the_analysts_connection_tells_times_in_utc(company):
    publish(company.settings, run_id="run 1")
    assert query(company.settings, "select current_setting('TimeZone')") == [("UTC",)]
