"""What must be true before real people's data is entrusted to this instance."""

from programme.foundation.database import SAFE_SQLITE, sqlite_version
from programme.foundation.settings import Settings

SHORTEST_SECRET = 32
FEWEST_SIGNS = 8
SMS_PROVIDERS = ("http", "twilio")


class UnsafeSettings(ValueError):
    """The settings are not safe; the message holds one sentence for each reason."""


def refuse_unsafe(settings: Settings) -> None:
    """Stop here unless this is a demonstration, or safe.

    Raises:
        UnsafeSettings: something must be set first.
    """
    found = [] if settings.demonstration else dangers(settings)
    if found:
        raise UnsafeSettings(" ".join(found))


def dangers(settings: Settings) -> list[str]:
    """What is not safe about the settings, in sentences that say what to do."""
    checks = {
        "The setting `secret` is missing or weak: give it 32 or more random characters.": is_weak(
            settings.secret
        ),
        "The setting `sealing_key` is missing or weak: give it 32 or more random characters, "
        "and keep a copy apart from the backups.": is_weak(settings.sealing_key),
        "`secret` and `sealing_key` are the same: make them different.": (
            bool(settings.secret) and settings.secret == settings.sealing_key
        ),
        "The setting `sealing_key` holds a space: leave it out, or it could never be an older key "
        "beside others.": len(settings.sealing_key.split()) > 1,
        "The setting `sms_webhook_secret` is weak: give it 32 or more random characters.": (
            bool(settings.sms_webhook_secret) and is_weak(settings.sms_webhook_secret)
        ),
        "The setting `sms_provider` is not one we know: choose http or twilio.": (
            settings.sms_provider not in SMS_PROVIDERS
        ),
        "The setting `debug` is on: turn it off.": settings.debug,
        f"This SQLite is {_dotted(sqlite_version())}, which can damage a database: use "
        f"{_dotted(SAFE_SQLITE)} or newer, or PostgreSQL.": uses_unsafe_sqlite(settings),
    }
    return [sentence for sentence, is_true in checks.items() if is_true]


def is_weak(secret: str) -> bool:
    """Whether a secret is too short or too plain to be one."""
    return len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_SIGNS


def uses_unsafe_sqlite(settings: Settings) -> bool:
    """Whether the database is an SQLite that can corrupt its write-ahead log."""
    return settings.database.startswith("sqlite") and sqlite_version() < SAFE_SQLITE


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
