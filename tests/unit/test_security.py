"""Promises of SECURITY.md that no other test holds."""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from orchestration.cli import main
from orchestration.settings import REPOSITORY, Settings

SECRET_FIELDS = ("contact_key", "alert_webhook", "alert_smtp")


def test_settings_show_no_secret_in_any_form():
    settings = Settings(**{field: f"secret-{field}" for field in SECRET_FIELDS})
    for form in (repr(settings), str(settings), settings.model_dump_json(), str(vars(settings))):
        assert "secret-" not in form


def test_every_setting_that_sounds_like_a_secret_is_one():
    for name, field in Settings.model_fields.items():
        if re.search(r"key|secret|token|password|webhook|smtp", name):
            assert field.annotation == SecretStr | None, name


def test_a_wrong_setting_is_refused_without_telling_the_secret_beside_it(monkeypatch):
    monkeypatch.setenv("SALESOPS_CONTACT_KEY", "secret-contact-key")
    with pytest.raises(ValueError, match="home") as error:
        Settings(home=3)
    assert "secret-" not in str(error.value)


def test_dagster_listens_on_this_machine_alone(tmp_path, monkeypatch):
    for name in ("DAGSTER_HOME", "SALESOPS_LANDING"):  # set by the command, unset afterwards
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("SALESOPS_HOME", str(tmp_path))
    started = []

    def start(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        started.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", start)
    assert CliRunner().invoke(main, ["dev"]).exit_code == 0
    ((_, dev, host, address),) = started
    assert (dev, host, address) == ("dev", "--host", "127.0.0.1")
    assert re.search(
        r"^HOST \?= 127\.0\.0\.1$", (REPOSITORY / "Makefile").read_text(), re.MULTILINE
    )


def test_the_dashboard_listens_on_this_machine_alone():
    config = tomllib.loads((REPOSITORY / "dashboard/.streamlit/config.toml").read_text())
    assert config["server"]["address"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("lock", "fewest"), [("requirements.lock", 100), ("benchmarks/requirements.lock", 40)]
)
def test_every_package_of_a_lock_has_hashes_and_none_names_a_host(lock, fewest):
    text = (REPOSITORY / lock).read_text()
    packages = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert len(packages) > fewest
    for package in packages:
        assert "--hash=sha256:" in package, package.partition("\n")[0]
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    assert not [line for line in lines if "://" in line or line.startswith("--")]
    assert f"--require-hashes -r {lock}" in (REPOSITORY / "Makefile").read_text()


def test_no_secret_file_is_kept_in_the_repository():
    kept = subprocess.run(
        ["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    assert [f for f in kept if re.search(r"\.(env|key|pem|p12)$|(^|/)secrets/", f)] == []
