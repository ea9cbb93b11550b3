"""The gate: every page says who may open it, or nobody may."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from programme.access.links import Link, open_link
from programme.access.rules import Permission, Purpose
from programme.access.viewer import ANONYMOUS, Viewer, staff_viewer
from programme.foundation.clock import today
from programme.foundation.database import will_write

Page = TypeVar("Page", bound=Callable[..., object])
READING = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Declared:
    """What a page declares. `leaves_trace`: reading it writes to the audit."""

    permission: Permission | None = None
    purpose: Purpose | None = None
    leaves_trace: bool = False


def needs(permission: Permission, *, leaves_trace: bool = False) -> Callable[[Page], Page]:
    """Only for staff who hold `permission`. Which records they see is for the query to say."""
    return _declare(Declared(permission=permission, leaves_trace=leaves_trace))


def by_link(purpose: Purpose) -> Callable[[Page], Page]:
    """Only for whoever holds the personal link; its key is the page's `key`."""
    return _declare(Declared(purpose=purpose))


def open_to_all(page: Page) -> Page:
    """For anybody: signing in, the charity's colours, whether the service is well."""
    return _declare(Declared())(page)


def _declare(declared: Declared) -> Callable[[Page], Page]:
    def mark(page: Page) -> Page:
        page.declared = declared  # type: ignore[attr-defined]
        return page

    return mark


def guard(app: Flask) -> None:
    """Ask at the gate before every request."""
    app.before_request(ask)


def ask() -> Response | None:
    """Let the request in, send it to sign in, or refuse it."""
    will_write.set(request.method not in READING)
    if request.endpoint is None or request.endpoint == "static":
        return None
    declared = declared_by(request.endpoint)
    if declared is None:
        abort(403)
    will_write.set(request.method not in READING or declared.leaves_trace)
    if declared.purpose:
        g.link = _link_or_404(declared.purpose)
    return _ask_staff(declared.permission) if declared.permission else None


def declared_by(endpoint: str) -> Declared | None:
    """What the page behind an endpoint declares, or None."""
    return getattr(current_app.view_functions[endpoint], "declared", None)


def viewer() -> Viewer:
    """Whoever is signed in, worked out once a request."""
    if "viewer" not in g:
        is_somebody = current_user and current_user.is_authenticated  # None outside a request
        account = current_user.account if is_somebody else None
        zone = _zone()
        g.viewer = staff_viewer(account, today(zone)) if account else ANONYMOUS
    return cast(Viewer, g.viewer)


def link() -> Link:
    """The personal link that opened this page."""
    return cast(Link, g.link)


def _zone() -> str:
    return cast(str, current_app.config["SETTINGS"].zone)


def _link_or_404(purpose: Purpose) -> Link:
    found = open_link(purpose, (request.view_args or {}).get("key", ""))
    if found is None:
        abort(404)
    return found


def _ask_staff(permission: Permission) -> Response | None:
    if viewer() is ANONYMOUS:
        return redirect(url_for("access.sign_in", next=request.path), 303)
    if not viewer().can(permission):
        abort(403)
    return None
