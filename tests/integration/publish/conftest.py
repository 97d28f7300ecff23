import pytest

from tests.publishing import Company, make_company


@pytest.fixture
def company(tmp_path) -> Company:
    return make_company(tmp_path / "a home")
