from __future__ import annotations

from orchestration.sample.ids import salesforce_id


def test_an_id_names_its_object_and_counts_in_digits_capitals_and_small_letters() -> None:
    assert salesforce_id("006", 0)[:15] == "0065g0000000000"
    assert salesforce_id("006", 10)[:15] == "0065g000000000A"
    assert salesforce_id("006", 36)[:15] == "0065g000000000a"
    assert salesforce_id("006", 62)[:15] == "0065g0000000010"


def test_the_checksum_tells_ids_apart_that_differ_by_case_alone() -> None:
    # Each of the three letters stands for five characters; a capital in place k adds 2**k.
    assert salesforce_id("006", 10)[15:] == "AAQ"
    assert salesforce_id("006", 36)[15:] == "AAA"
    assert salesforce_id("00Q", 0)[15:] == "EAA"


def test_numbers_never_share_an_id() -> None:
    numbers = range(0, 62**4, 997)
    assert len({salesforce_id("006", number) for number in numbers}) == len(numbers)
