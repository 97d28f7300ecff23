import stat

import duckdb
import pytest

from orchestration.publish.contacts import (
    ContactError,
    contact_key,
    make_macros,
    published_expression,
)
from orchestration.settings import Settings

KEY = "a key of the tests, long enough"


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        make_macros(connection, KEY, ["Email", "LastName"])
        yield connection


def published(connection, column, data_type, value):
    """The value that a reader sees for a value of the warehouse."""
    expression = published_expression("marts.t", column, data_type)
    query = f'select {expression} from (select cast(? as {data_type}) as "{column}")'
    return connection.execute(query, [value]).fetchone()[0]


@pytest.mark.parametrize(
    "column", ["email", "Email", "work_email", "e_mail", "email_address", "phone", "mobile_phone"]
)
def test_a_column_named_as_an_address_holds_only_hashes(connection, column):
    hashed = published(connection, column, "VARCHAR", "lan.tran@example.com")
    assert len(hashed) == 64
    assert "lan" not in hashed


def test_equal_addresses_have_equal_hashes_whatever_their_case_and_spaces(connection):
    one = published(connection, "email", "VARCHAR", "Lan.Tran@example.com ")
    other = published(connection, "work_email", "VARCHAR", "lan.tran@example.com")
    assert one == other
    assert one != published(connection, "email", "VARCHAR", "lan.tranh@example.com")


def test_equal_phone_numbers_have_equal_hashes_however_they_are_written(connection):
    one = published(connection, "phone", "VARCHAR", "+84 (90) 123-45.67")
    assert one == published(connection, "mobile_phone", "VARCHAR", "+84901234567")


def test_a_missing_address_stays_missing(connection):
    assert published(connection, "email", "VARCHAR", None) is None
    assert published(connection, "phone", "VARCHAR", None) is None


def test_another_key_gives_other_hashes(connection):
    before = published(connection, "email", "VARCHAR", "a@example.com")
    make_macros(connection, "another key, long enough too", [])
    assert published(connection, "email", "VARCHAR", "a@example.com") != before


def test_a_list_of_addresses_is_hashed_item_by_item(connection):
    single = published(connection, "email", "VARCHAR", "b@example.com")
    found = published(connection, "emails", "VARCHAR[]", ["a@example.com", "b@example.com"])
    assert len(found) == 2
    assert found[1] == single


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Reply to jane.doe@mail.example.com, soon", "Reply to [e-mail], soon"),
        ("Gọi +84 90 123 4567 trước 5 giờ", "Gọi [phone] trước 5 giờ"),
        ("<ngọc@công-ty.vn> and x@y.io.", "<[e-mail]> and [e-mail]."),
        ("Deal @ Acme v2.0", "Deal @ Acme v2.0"),
        ("20@1.25 each, +1,000,000 upside", "20@1.25 each, +1,000,000 upside"),
        ("nothing to hide", "nothing to hide"),
        (None, None),
    ],
)
def test_addresses_inside_other_text_are_masked(connection, text, seen):
    assert published(connection, "subject", "VARCHAR", text) == seen


def test_masked_json_is_still_json(connection):
    found = published(connection, "evidence", "JSON", '{"from": "a@example.com", "n": 1}')
    assert found == '{"from": "[e-mail]", "n": 1}'


def test_texts_in_a_list_are_masked(connection):
    reasons = ["email: 'a@example' is none", "phone: +84901234567 twice"]
    found = published(connection, "reasons", "VARCHAR[]", reasons)
    assert found == ["email: 'a@example' is none", "phone: [phone] twice"]


@pytest.mark.parametrize(
    ("reason", "seen"),
    [
        (
            "LastName 'O'Brien\n' has 7 characters, more than 5",
            "LastName [withheld] has 7 characters, more than 5",
        ),
        ("Email is required, but empty", "Email is required, but empty"),
        (
            "column 9 has no name in the header, but the value 0901 234 567",
            "column 9 has no name in the header, but a value",
        ),
        ("Amount '12,5' is not a number", "Amount '12,5' is not a number"),
        ("Amount 'a@example.com' is not a number", "Amount '[e-mail]' is not a number"),
    ],
)
def test_why_a_record_was_refused_does_not_tell_about_persons(connection, reason, seen):
    expression = published_expression("ops.quarantined_row", "reasons", "VARCHAR[]")
    found = connection.execute(f"select {expression} from (select [?] as reasons)", [reason])
    assert found.fetchone() == ([seen],)


def test_a_key_that_is_an_address_is_hashed_so_that_joins_hold(connection):
    one = published(connection, "lead_key", "VARCHAR", "hubspot:a@example.com")
    other = published(connection, "lead_key", "VARCHAR", "hubspot:b@example.com")
    assert len(one) == len(other) == 64
    assert one != other
    assert published(connection, "lead_key", "VARCHAR", "salesforce:00Q1") == "salesforce:00Q1"


@pytest.mark.parametrize(
    ("column", "data_type"),
    [("email_count", "BIGINT"), ("has_phone", "BOOLEAN"), ("amount", "DECIMAL(18,2)")],
)
def test_what_is_no_text_is_published_as_it_is(column, data_type):
    assert published_expression("marts.t", column, data_type) == f'"{column}"'


def test_a_phone_number_that_is_a_number_is_refused():
    with pytest.raises(ContactError, match=r"marts\.t\.phone_number.*not BIGINT"):
        published_expression("marts.t", "phone_number", "BIGINT")


def test_text_that_cannot_be_searched_is_refused():
    with pytest.raises(ContactError, match=r"marts\.t\.person"):
        published_expression("marts.t", "person", "STRUCT(email VARCHAR)")


def test_the_random_key_is_made_once_and_is_its_owners_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("SALESOPS_CONTACT_KEY", raising=False)
    settings = Settings(home=tmp_path)
    key = contact_key(settings)
    assert len(key) == 64
    assert contact_key(settings) == key
    assert stat.S_IMODE(settings.contact_key_file.stat().st_mode) == 0o600
    assert [file.name for file in settings.contact_key_file.parent.iterdir()] == ["contact.key"]


def test_the_key_of_the_environment_comes_first(tmp_path, monkeypatch):
    monkeypatch.setenv("SALESOPS_CONTACT_KEY", KEY)
    settings = Settings(home=tmp_path)
    assert contact_key(settings) == KEY
    assert not settings.contact_key_file.exists()


def test_a_key_too_short_to_be_secret_is_refused_without_showing_it(tmp_path, monkeypatch):
    monkeypatch.setenv("SALESOPS_CONTACT_KEY", "hunter2")
    with pytest.raises(ContactError, match="at least 16 characters") as refused:
        contact_key(Settings(home=tmp_path))
    assert "hunter2" not in str(refused.value)
