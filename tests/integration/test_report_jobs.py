"""A report that cannot be made is told of, as people wait for it."""

from __future__ import annotations

from orchestration.definitions import defs


def test_people_are_told_which_report_is_missing_why_and_what_to_do(tmp_path, monkeypatch, webhook):
    monkeypatch.setenv("SALESOPS_HOME", str(tmp_path))
    monkeypatch.setenv("SALESOPS_ALERT_WEBHOOK", webhook.url)
    job = defs.resolve_job_def("monthly_report")
    assert not job.execute_in_process(raise_on_error=False).success
    (message,) = webhook.messages
    for said in ("monthly_business_review", "nothing is published yet", "`salesops report`"):
        assert said in message["text"]
