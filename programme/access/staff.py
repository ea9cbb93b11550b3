"""Flask-Login's view of a signed-in browser: the token is the id, so that it can be revoked."""

from flask import Flask
from flask_login import LoginManager, UserMixin

from programme.access.models import Account, SignIn
from programme.access.queries import open_sign_in
from programme.foundation.clock import real_now

login = LoginManager()


class StaffSession(UserMixin):  # type: ignore[misc]
    """A signed-in member of staff."""

    def __init__(self, token: str, sign_in: SignIn | None, account: Account) -> None:
        self.token = token
        self.sign_in = sign_in
        self.account = account

    def get_id(self) -> str:
        return self.token


def attach_login(app: Flask) -> None:
    """Read who is signed in from the cookie."""
    login.init_app(app)


@login.user_loader  # type: ignore[untyped-decorator]
def load(token: str) -> StaffSession | None:
    """Who the cookie's token belongs to; nobody once the sign-in has ended."""
    sign_in = open_sign_in(token, real_now())
    return StaffSession(token, sign_in, sign_in.account) if sign_in else None
