"""create_app(): wires the areas together."""

from datetime import timedelta
from pathlib import Path

from flask import Flask

from programme import timetable
from programme.access import gate, staff
from programme.access import pages as access_pages
from programme.cohorts import joining_pages, place_pages, plan_pages, step_pages, term_pages
from programme.cohorts import pages as cohort_pages
from programme.cohorts.jobs import is_held, left_out, unwanted_texts
from programme.cohorts.kinds import register_kinds
from programme.cohorts.queries import place_in_the_way
from programme.desk import links as link_pages
from programme.desk import navigation
from programme.desk import pages as desk_pages
from programme.desk import staff as staff_pages
from programme.desk import term as desk_term_pages
from programme.desk import texts as text_pages
from programme.desk import tonight as tonight_pages
from programme.desk import tonight_device as device_pages
from programme.foundation import web
from programme.foundation.assets import version_assets
from programme.foundation.clock import clock
from programme.foundation.database import attach_database
from programme.foundation.safety import refuse_unsafe
from programme.foundation.sealing import keyring
from programme.foundation.settings import Settings
from programme.handouts import pages as handouts_pages
from programme.messages import call_pages, letter_pages, reply_pages, stop_pages, webhook_pages
from programme.messages import pages as messages_pages
from programme.messages.attachments import register_attachments
from programme.messages.codes import unwanted_codes
from programme.messages.links import register_links
from programme.messages.wanted import ask_before_sending, ask_whether_it_waits, tell_when_left_out
from programme.outcomes import pages as outcomes_pages
from programme.parcels import pages as parcels_pages
from programme.people import conversation_pages, import_pages, own_pages, pair_pages
from programme.people import pages as people_pages
from programme.people.actions import ask_before_merging
from programme.portal import (
    address_pages,
    calendar_pages,
    certificate_pages,
    contact_pages,
    help_pages,
)
from programme.portal import pages as portal_pages
from programme.portal.calendar import attach_dates
from programme.questionnaires import pages as questionnaires_pages
from programme.registers import completion_pages, figure_pages, missed_pages, report_pages
from programme.registers import pages as registers_pages
from programme.safeguarding import pages as safeguarding_pages

ROOT = Path(__file__).parent.parent
LINKS = {
    "my_group": "/g/{key}",
    "questionnaire": "/q/{key}",
    "stop": "/stop/{key}",
    "calendar": "/c/{key}.ics",
}
"""Where the personal links in messages lead, below `link_base`."""

BLUEPRINTS = (
    access_pages.blueprint,
    desk_pages.blueprint,
    staff_pages.blueprint,
    desk_term_pages.blueprint,
    tonight_pages.blueprint,
    device_pages.blueprint,
    link_pages.blueprint,
    text_pages.blueprint,
    handouts_pages.blueprint,
    messages_pages.blueprint,
    reply_pages.blueprint,
    stop_pages.blueprint,
    webhook_pages.blueprint,
    call_pages.blueprint,
    letter_pages.blueprint,
    cohort_pages.blueprint,
    plan_pages.blueprint,
    step_pages.blueprint,
    place_pages.blueprint,
    joining_pages.blueprint,
    term_pages.blueprint,
    questionnaires_pages.blueprint,
    outcomes_pages.blueprint,
    portal_pages.blueprint,
    calendar_pages.blueprint,
    address_pages.blueprint,
    contact_pages.blueprint,
    help_pages.blueprint,
    certificate_pages.blueprint,
    registers_pages.blueprint,
    report_pages.blueprint,
    missed_pages.blueprint,
    figure_pages.blueprint,
    completion_pages.blueprint,
    safeguarding_pages.blueprint,
    parcels_pages.blueprint,
    people_pages.blueprint,
    import_pages.blueprint,
    conversation_pages.blueprint,
    pair_pages.blueprint,
    own_pages.blueprint,
)


def create_app(settings: Settings) -> Flask:
    """The application for one charity.

    Raises:
        UnsafeSettings: it is no demonstration, and something must be made safe first.
    """
    refuse_unsafe(settings)
    clock.shift = settings.shift
    app = web.Pages(
        "programme",
        root_path=str(ROOT / "programme"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.update(_configuration(settings))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    keys = _sealing_keys(settings)
    keyring.load(keys, index_key=keys[-1])  # the first ever: fingerprints outlive a change of keys
    attach_database(app, settings.database)
    gate.guard(app)
    staff.attach_login(app)
    web.dress(app, settings)
    navigation.surround(app)
    version_assets(app)
    register_kinds(timetable.KINDS)
    register_links(LINKS)
    register_attachments({"calendar": attach_dates})
    ask_before_sending(unwanted_texts, unwanted_codes)
    ask_whether_it_waits(is_held)
    tell_when_left_out(left_out)
    ask_before_merging(place_in_the_way)
    for blueprint in dict.fromkeys(BLUEPRINTS):  # some files share one
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
    """Newest first."""
    return [settings.sealing_key, *settings.older_sealing_keys.split()]
