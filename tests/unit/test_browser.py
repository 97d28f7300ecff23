"""What is said where no browser is installed."""

from __future__ import annotations

import pytest

from tests import browser


def test_without_a_browser_it_is_said_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="apt-get install chromium"), browser.opened():
        pass
