"""Settings: from the environment, else `settings.toml` in the instance folder, else the default."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

PREFIX = "PROGRAMME_"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything a charity can set. `docs/running.md` explains each; a test keeps it complete."""

    instance: Path = Path("instance")
    demonstration: bool = False
    debug: bool = False
    shift_days: int = 0
    shift_minutes: int = 0
    database_url: str = ""
    secret: str = ""
    sealing_key: str = ""
    older_sealing_keys: str = ""
    https: bool = True

    staff_name: str = "Programme"
    public_name: str = "Family groups"
    link_base: str = "http://127.0.0.1:8000"
    sending_address: str = "hello@groups.example.org"
    return_address: str = "PO Box 1, Anytown, AN1 1AA"
    office_phone: str = "01632 960100"
    leave_url: str = "https://www.bbc.co.uk/weather"
    brand: str = "#6b2d5c"
    zone: str = "Europe/London"
    nation: str = "ENG"
    meeting_hosts: str = "zoom.us *.zoom.us teams.microsoft.com meet.google.com"

    send_from_hour: int = 9
    send_until_hour: int = 20
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_starttls: bool = True
    sms_provider: str = "http"
    sms_url: str = ""
    sms_account: str = ""
    sms_token: str = ""
    sms_from: str = ""
    sms_webhook_secret: str = ""
    bounce_host: str = ""
    bounce_port: int = 993
    bounce_user: str = ""
    bounce_password: str = ""
    bounce_folder: str = "INBOX"
    bounce_maildir: str = ""

    @property
    def shift(self) -> timedelta:
        """How far the clock is off: only ever in a demonstration."""
        off = timedelta(days=self.shift_days, minutes=self.shift_minutes)
        return off if self.demonstration else timedelta()

    @property
    def texts_are_set_up(self) -> bool:
        """Whether text messages can leave here by themselves."""
        needed = {"http": (self.sms_url,), "twilio": (self.sms_account, self.sms_token)}
        return all(needed.get(self.sms_provider, ("",)))

    @property
    def database(self) -> str:
        """The database's URL: SQLite in the instance folder unless told otherwise."""
        return self.database_url or f"sqlite:///{(self.instance / 'programme.db').resolve()}"


def read_settings(environ: Mapping[str, str] = os.environ, **override: Any) -> Settings:
    """Read settings for one instance.

    Raises:
        ValueError: a setting is unknown or of the wrong kind; the message says which.
    """
    instance = Path(override.get("instance") or environ.get(f"{PREFIX}INSTANCE") or "instance")
    given: dict[str, Any] = {"instance": instance}
    given |= _from_file(instance / "settings.toml")
    given |= _from_environment(environ)
    given |= {"instance": instance} | override
    return Settings(**{name: _typed(name, value) for name, value in given.items()})


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path} cannot be read: {error}.") from error


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    names = {f"{PREFIX}{field.name.upper()}": field.name for field in fields(Settings)}
    return {names[key]: value for key, value in environ.items() if key in names}


KINDS = {field.name: field.type for field in fields(Settings)}
YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def _typed(name: str, value: Any) -> Any:
    kind = KINDS.get(name)
    if kind is None:
        raise ValueError(f"The setting {name!r} is not known. Look for a misspelling.")
    if not isinstance(value, str) or kind is str:
        return value
    if kind is bool:
        return _yes_or_no(name, value)
    if kind is int:
        return _whole_number(name, value)
    return Path(value)


def _yes_or_no(name: str, value: str) -> bool:
    if value.lower() in YES | NO:
        return value.lower() in YES
    raise ValueError(f"The setting {name!r} must be yes or no, not {value!r}.")


def _whole_number(name: str, value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"The setting {name!r} must be a whole number, not {value!r}.") from None
