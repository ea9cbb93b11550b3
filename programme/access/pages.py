"""Signing in and out."""

from flask import (
    Blueprint,
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

from programme.access.actions import begin_sign_in, check_password, end_sign_in
from programme.access.gate import open_to_all, viewer
from programme.access.models import Account
from programme.access.queries import every_account
from programme.access.staff import StaffSession
from programme.access.viewer import ANONYMOUS
from programme.foundation.clock import now, real_now
from programme.foundation.database import db
from programme.foundation.web import Refusal

blueprint = Blueprint("access", __name__)


@blueprint.get("/sign-in")
@open_to_all
def sign_in() -> str:
    accounts = every_account() if current_app.config["SETTINGS"].demonstration else []
    return render_template("access/sign_in.html", accounts=accounts)


@blueprint.post("/sign-in")
@open_to_all
def sign_in_with_password() -> Response:
    try:
        account = check_password(
            email=request.form.get("email", ""),
            password=request.form.get("password", ""),
            address=request.remote_addr or "",
            at=real_now(),
        )
    except Refusal as refusal:
        flash(str(refusal), "problem")
        return redirect(url_for("access.sign_in"), 303)
    return _let_in(account)


@blueprint.post("/sign-in/demonstration")
@open_to_all
def sign_in_to_demonstration() -> Response | tuple[str, int]:
    if not current_app.config["SETTINGS"].demonstration:
        return render_template("error.html", code=404), 404
    account = db.get_or_404(Account, request.form.get("account", 0, type=int))
    return _let_in(account)


@blueprint.post("/sign-out")
@open_to_all
def sign_out() -> Response:
    if current_user.is_authenticated and current_user.sign_in:
        end_sign_in(current_user.sign_in, by=viewer(), at=now())
    logout_user()
    session.clear()
    return redirect(url_for("access.sign_in"), 303)


def _let_in(account: Account) -> Response:
    """A new session id at every sign-in, so that one planted before it is worthless."""
    session.clear()
    token = begin_sign_in(account, by=ANONYMOUS, at=real_now())
    login_user(StaffSession(token, None, account))
    return redirect(url_for("desk.today"), 303)
