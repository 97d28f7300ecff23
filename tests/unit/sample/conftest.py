from __future__ import annotations

import pytest
from sample_files import Sample

from orchestration.sample.write import write_sample


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    landing = tmp_path_factory.mktemp("sample")
    return Sample(landing, write_sample(landing))
