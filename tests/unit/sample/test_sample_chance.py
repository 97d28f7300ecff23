from __future__ import annotations

import pytest

from orchestration.sample.chance import Chance, mean_of


def test_a_stream_gives_the_same_numbers_on_every_platform_and_version() -> None:
    chance = Chance(1, "deal", 7)
    assert [int(chance.share() * 1_000_000) for _ in range(4)] == [259929, 420348, 777043, 916593]


def test_streams_of_different_things_have_nothing_in_common() -> None:
    first = [Chance(1, "deal", number).share() for number in range(50)]
    others = [Chance(1, "lead", number).share() for number in range(50)]
    assert not set(first) & set(others)
    assert len(set(first)) == 50


def test_whole_numbers_include_both_ends_and_nothing_beyond() -> None:
    chance = Chance(3, "whole")
    assert {chance.whole(2, 5) for _ in range(200)} == {2, 3, 4, 5}


def test_weights_are_shares() -> None:
    chance = Chance(3, "weighted")
    drawn = [chance.weighted((0.7, 0.0, 0.3)) for _ in range(4000)]
    assert drawn.count(1) == 0
    assert drawn.count(0) / 4000 == pytest.approx(0.7, abs=0.03)


def test_counts_have_the_mean_that_was_asked_for() -> None:
    chance = Chance(3, "count")
    for mean in (0.2, 1.0, 7.3):
        assert sum(chance.count(mean) for _ in range(4000)) / 4000 == pytest.approx(mean, rel=0.06)


def test_quantiles_are_drawn_between_their_ends_and_average_to_their_mean() -> None:
    table = (10.0, 20.0, 60.0)
    chance = Chance(3, "quantile")
    drawn = [chance.quantile(table) for _ in range(4000)]
    assert 10 <= min(drawn) < max(drawn) < 60
    assert mean_of(table) == 27.5
    assert sum(drawn) / 4000 == pytest.approx(27.5, rel=0.03)
