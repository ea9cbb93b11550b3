"""create_app(): wires the areas together."""

from datetime import timedelta
from pathlib import Path

from flask import Flask

from programme import timetable
from programme.access import gate, staff
from programme.access import pages as access_pages
from programme.cohorts.kinds import register_kinds
from programme.desk import pages as desk_pages
from programme.feedback import models as feedback
from programme.foundation import audit, web
from programme.foundation.clock import clock
from programme.foundation.database import attach_database
from programme.foundation.safety import refuse_unsafe
from programme.foundation.sealing import keyring
from programme.foundation.settings import Settings
from programme.handouts import models as handouts
from programme.outcomes import models as outcomes
from programme.parcels import models as parcels
from programme.people import conversation_pages, import_pages, pair_pages
from programme.people import pages as people_pages
from programme.questionnaires import models as questionnaires
from programme.registers import models as registers
from programme.safeguarding import models as safeguarding

TABLES = (
    audit,
    registers,
    handouts,
    parcels,
    questionnaires,
    feedback,
    safeguarding,
    outcomes,
)
"""Modules whose tables must be known before the database is made."""

ROOT = Path(__file__).parent.parent
BLUEPRINTS = (
    access_pages.blueprint,
    people_pages.blueprint,
    import_pages.blueprint,
    conversation_pages.blueprint,
    pair_pages.blueprint,
    desk_pages.blueprint,
)


def create_app(settings: Settings) -> Flask:
    """The application for one charity.

    Raises:
        UnsafeSettings: it is no demonstration, and something must be made safe first.
    """
    refuse_unsafe(settings)
    clock.shift = timedelta(days=settings.shift_days) if settings.demonstration else timedelta()
    app = Flask(
        "programme",
        root_path=str(ROOT / "programme"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.update(_configuration(settings))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    keyring.load(_sealing_keys(settings), settings.sealing_key)
    attach_database(app, settings.database)
    gate.guard(app)
    staff.attach_login(app)
    web.dress(app, settings)
    register_kinds(timetable.KINDS)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _configuration(settings: Settings) -> dict[str, object]:
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret,
        "SESSION_COOKIE_NAME": "session",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "MAX_CONTENT_LENGTH": 6 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
    }


def _sealing_keys(settings: Settings) -> list[str]:
    return [settings.sealing_key, *settings.older_sealing_keys.split()]
