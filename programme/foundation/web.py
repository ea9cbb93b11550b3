"""The web, without a word of the domain: headers, the transaction of a request, errors, dates."""

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import structlog
from flask import Flask, Response, render_template, request
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException

from programme.foundation import clock
from programme.foundation.database import db, will_write
from programme.foundation.failures import described
from programme.foundation.settings import Settings

csrf = CSRFProtect()
log = structlog.get_logger()


class Refusal(Exception):
    """Something cannot be done; the message is a sentence for the person who asked."""


class Pages(Flask):
    """Flask, but discreet: an address may hold somebody's key, and an error what they typed."""

    def log_exception(self, exc_info: Any) -> None:
        log.error("page failed", page=request.endpoint, **described(exc_info[1]))


def dress(app: Flask, settings: Settings) -> None:
    """Give every response its headers, and every request its one transaction."""
    csrf.init_app(app)
    policy = content_security_policy(settings)
    app.after_request(finish_transaction)
    app.after_request(lambda response: add_headers(response, policy))
    app.register_error_handler(HTTPException, show_error)
    app.jinja_env.globals["settings"] = settings
    app.jinja_env.filters |= {
        "day": lambda value: say_day(value, settings.zone),
        "time": lambda value: say_time(value, settings.zone),
        "moment": lambda value: say_moment(value, settings.zone),
        "nearness": lambda value: say_nearness(value, settings.zone),
    }


def finish_transaction(response: Response) -> Response:
    """Commit what a writing request did; a refused or failed one changes nothing."""
    if will_write.get() and response.status_code < 400:
        db.session.commit()
    else:
        db.session.rollback()
    return response


def content_security_policy(settings: Settings) -> str:
    """Only our own files; forms may lead to the meeting services in the settings."""
    hosts = " ".join(f"https://{host}" for host in settings.meeting_hosts.split())
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"manifest-src 'self'; form-action 'self' {hosts}"
    )


def add_headers(response: Response, policy: str) -> Response:
    """Nothing is kept by the browser unless the page said so itself."""
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def show_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    """A page that says what happened and what to do, in the look of the rest."""
    if error.code is None or error.code < 400:
        return error
    return render_template("error.html", code=error.code), error.code


def say_day(value: date | datetime, zone: str) -> str:
    """ "Tuesday 6 October" """
    day = clock.local(value, zone) if isinstance(value, datetime) else value
    return f"{day:%A} {day.day} {day:%B}"


def say_time(value: datetime, zone: str) -> str:
    """ "7.30 pm" """
    return say_clock(clock.local(value, zone).time())


def say_clock(wall: time) -> str:
    """A wall time as people say it: "7.30 pm" """
    minutes = f".{wall:%M}" if wall.minute else ""
    return f"{wall.hour % 12 or 12}{minutes} {'am' if wall.hour < 12 else 'pm'}"


def say_moment(value: datetime, zone: str) -> str:
    """ "Tuesday 6 October, 7.30 pm" """
    return f"{say_day(value, zone)}, {say_time(value, zone)}"


def say_nearness(value: date | datetime, zone: str) -> str:
    """ "today", "tomorrow", "in 3 days", "2 days ago" """
    day = clock.local(value, zone).date() if isinstance(value, datetime) else value
    days = (day - clock.today(zone)) // timedelta(days=1)
    named = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return named.get(days) or (f"in {days} days" if days > 0 else f"{-days} days ago")


def say_wait(until: datetime, at: datetime) -> str:
    """ "now", "in 25 minutes", "in 2 hours", "in 3 days": how long from `at` until `until`."""
    minutes = math.ceil((until - at) / timedelta(minutes=1))
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"in {_many(minutes, 'minute')}"
    hours = round(minutes / 60)
    return f"in {_many(hours, 'hour')}" if hours < 36 else f"in {_many(round(hours / 24), 'day')}"


def _many(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


@dataclass(frozen=True, kw_only=True)
class ToDo:
    """Something that needs doing, as shown on a list: what, one fact, and the button that does it.

    `tone`: "wrong" (brick), "soon" (amber), "live" or "plain". `due` orders the list; None is
    last.
    """

    title: str
    fact: str
    action: str
    url: str
    tone: str = "plain"
    due: date | None = None
