"""The same extracts give the same marts, however they arrive."""

from __future__ import annotations

import re

import pytest

from tests.conftest import Installation
from tests.end_to_end.comparison import differing_marts
from tests.end_to_end.conftest import FIRST, SECOND, deliver


@pytest.fixture(scope="module")
def both_at_once(extracts, tmp_path_factory) -> Installation:
    installation = Installation(tmp_path_factory.mktemp("both") / "home")
    deliver(extracts, installation, FIRST)
    deliver(extracts, installation, SECOND)
    done = installation.salesops("run")
    assert done.returncode == 0, done.stderr
    return installation


@pytest.mark.parametrize("order", [(FIRST, SECOND), (SECOND, FIRST)], ids=["in_order", "reversed"])
def test_marts_do_not_depend_on_the_order_in_which_extracts_arrive(
    extracts, both_at_once, tmp_path, order
):
    installation = Installation(tmp_path)
    deliver(extracts, installation, order[0])
    assert installation.salesops("ingest").returncode == 0
    deliver(extracts, installation, order[1])
    done = installation.salesops("run")
    assert done.returncode == 0, done.stderr
    assert differing_marts(installation, both_at_once) == {}


def test_a_past_date_gives_what_was_known_then(extracts, both_at_once, tmp_path):
    at_the_time, looking_back = Installation(tmp_path / "then"), both_at_once
    deliver(extracts, at_the_time, FIRST)
    then = at_the_time.salesops("run")
    assert then.returncode == 0, then.stderr
    done = looking_back.salesops("run", "--as-of", FIRST)
    assert done.returncode == 0, done.stderr
    assert differing_marts(at_the_time, looking_back, as_of=FIRST) == {}
    assert forecast_lines(done.stdout) == forecast_lines(then.stdout)
    newest = looking_back.query("select max(created_date) from marts.fct_opportunity")
    assert str(newest[0][0]) <= FIRST


def forecast_lines(output: str) -> str:
    return re.search(r"Forecast +USD.+?(?=\nLook next)", output, re.DOTALL)[0]
