"""Signing in and out, and taking up an invitation."""

import pyotp
import segno
from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from programme.access.actions import begin_sign_in, check_sign_in, end_sign_in
from programme.access.gate import by_link, link, open_to_all, viewer
from programme.access.models import Account
from programme.access.queries import demonstration_roles
from programme.access.rules import Purpose
from programme.access.staff import StaffSession
from programme.access.staffing import accept, invitation_is_open
from programme.access.viewer import ANONYMOUS
from programme.foundation.clock import now, real_now
from programme.foundation.database import db
from programme.foundation.web import Refusal

blueprint = Blueprint("access", __name__)


@blueprint.get("/sign-in")
@open_to_all
def sign_in() -> str:
    roles = demonstration_roles() if is_demonstration() else []
    return render_template("access/sign_in.html", roles=roles)


@blueprint.post("/sign-in")
@open_to_all
def sign_in_with_password() -> Response:
    try:
        account = check_sign_in(
            email=request.form.get("email", ""),
            password=request.form.get("password", ""),
            code=None if is_demonstration() else request.form.get("code", ""),
            address=request.remote_addr or "",
            at=real_now(),
        )
    except Refusal as refusal:
        flash(str(refusal), "problem")
        return redirect(url_for("access.sign_in"), 303)
    return _let_in(account)


@blueprint.post("/sign-in/demonstration")
@open_to_all
def sign_in_to_demonstration() -> Response:
    if not is_demonstration():
        abort(404)
    account = db.get_or_404(Account, request.form.get("account", 0, type=int))
    return _let_in(account)


@blueprint.post("/sign-out")
@open_to_all
def sign_out() -> Response:
    if current_user.is_authenticated and current_user.sign_in:
        end_sign_in(current_user.sign_in, by=viewer(), at=now())
    logout_user()
    session.clear()
    answer = redirect(url_for("access.sign_in"), 303)
    if not request.form.get("keep"):  # marks of somebody else wait on this device
        answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@blueprint.get("/welcome/<key>")
@by_link(Purpose.INVITATION)
def invitation(key: str) -> str:
    return _show_invitation(_invited(), key)


@blueprint.post("/welcome/<key>")
@by_link(Purpose.INVITATION)
def accept_invitation(key: str) -> Response | tuple[str, int]:
    account, form = _invited(), request.form
    try:
        accept(
            account,
            password=form.get("password", ""),
            repeated=form.get("repeated", ""),
            code=None if is_demonstration() else form.get("code", ""),
            by=ANONYMOUS,
            at=now(),
            real=real_now(),
        )
    except Refusal as refusal:
        return _show_invitation(account, key, str(refusal)), 422
    return _let_in(account)


def is_demonstration() -> bool:
    """Whether this instance holds made-up people only."""
    return bool(current_app.config["SETTINGS"].demonstration)


def _invited() -> Account:
    account = db.get_or_404(Account, link().row_id)
    if not invitation_is_open(account, real_now()):
        abort(404)
    return account


def _show_invitation(account: Account, key: str, problem: str = "") -> str:
    secret = account.authenticator or ""
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name="Programme")
    return render_template(
        "access/invitation.html",
        account=account,
        key=key,
        secret=secret,
        picture=segno.make(uri).svg_data_uri(scale=5),
        asks_code=not is_demonstration(),
        problem=problem,
    )


def _let_in(account: Account) -> Response:
    """A new session id at every sign-in, so that one planted before it is worthless."""
    session.clear()
    token = begin_sign_in(account, by=ANONYMOUS, at=real_now())
    login_user(StaffSession(token, None, account))
    return redirect(url_for("desk.today"), 303)
