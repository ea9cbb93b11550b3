"""Start-up refuses what is not safe."""

from dataclasses import replace
from pathlib import Path

import pytest

from programme.app import create_app
from programme.foundation import safety
from programme.foundation.safety import UnsafeSettings, dangers, refuse_unsafe
from programme.foundation.settings import Settings, read_settings

SAFE = Settings(
    secret="abcdefghijklmnopqrstuvwxyz0123456789",
    sealing_key="9876543210zyxwvutsrqponmlkjihgfedcba",
)


def test_strong_secrets_are_enough() -> None:
    assert dangers(SAFE) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": ""},
        {"secret": "short"},
        {"secret": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
        {"sealing_key": ""},
        {"sealing_key": SAFE.secret},
        {"sealing_key": "two words of 9876543210zyxwvutsrqponmlk"},
        {"sms_webhook_secret": "short"},
        {"sms_webhook_secret": "a" * 40},
        {"sms_provider": "nobody"},
        {"debug": True},
    ],
)
def test_each_danger_stops_the_start(wrong: dict[str, object]) -> None:
    with pytest.raises(UnsafeSettings):
        create_app(replace(SAFE, **wrong))


def test_an_old_sqlite_is_refused_unless_the_database_is_postgresql(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(safety, "sqlite_version", lambda: (3, 40, 1))
    assert "3.40.1" in dangers(SAFE)[0]
    assert dangers(replace(SAFE, database_url="postgresql+psycopg://localhost/x")) == []


def test_a_demonstration_may_start_with_less() -> None:
    refuse_unsafe(Settings(demonstration=True))


def test_settings_come_from_the_environment_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('public_name = "Tuesday people"\nsmtp_port = 25\n')
    environment = {"PROGRAMME_INSTANCE": str(tmp_path), "PROGRAMME_SMTP_PORT": "2525"}
    settings = read_settings(environment)
    assert (settings.public_name, settings.smtp_port) == ("Tuesday people", 2525)


def test_a_misspelt_setting_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('publik_name = "x"\n')
    with pytest.raises(ValueError, match="publik_name"):
        read_settings({}, instance=tmp_path)
