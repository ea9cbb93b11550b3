"""Whatever staff and families do, in whatever order, and wherever the clock's process dies."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from programme.foundation.settings import Settings
from tests.cohorts.forever.machine import Forever, empty_postgres, empty_sqlite
from tests.messages.conftest import use


def live(
    app: Flask, settings_: Settings, template: Path, *, terms: int, events: int, **others: Any
) -> None:
    use(app, sms_url="http://127.0.0.1:9/", sms_token="a token")
    url = settings_.database_url
    empty = empty_sqlite(template, Path(url.removeprefix("sqlite:///")))

    class Term(Forever):
        pass

    Term.empty = staticmethod(empty if url.startswith("sqlite") else empty_postgres)
    run_state_machine_as_test(
        Term,
        settings=settings(
            max_examples=terms,
            stateful_step_count=events,
            **others,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_is_ever_sent_twice_or_unsafely_or_too_late_or_lost(
    app: Flask, settings: Settings, sqlite_template: Path
) -> None:
    live(app, settings, sqlite_template, terms=15, events=25, derandomize=True)


@pytest.mark.long
def test_nothing_is_ever_sent_twice_or_unsafely_or_too_late_or_lost_in_many_terms(
    app: Flask, settings: Settings, sqlite_template: Path
) -> None:
    live(app, settings, sqlite_template, terms=150, events=50)
