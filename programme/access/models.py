"""Partners, accounts, grants of roles, sign-ins and generations of links."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.access.rules import Purpose, Role
from programme.foundation.database import Facts, Kind, Record, UTCDateTime, word
from programme.foundation.sealing import Sealed

SECRET = {"facts": Facts("staff", Kind.SECRET, "nobody", "while the account is open")}
CONTACT = {"facts": Facts("staff", Kind.CONTACT, "coordinator", "two years after it closes")}


class Partner(Record):
    """An organisation that refers or delivers."""

    __tablename__ = "partners"
    __facts__ = Facts("the charity", Kind.OPERATIONAL, "every staff role", "for good")

    name: Mapped[str] = mapped_column(String(120), unique=True)
    is_lead: Mapped[bool] = mapped_column(default=False)


class Account(Record):
    """Somebody who signs in: staff, a volunteer or a partner's practitioner."""

    __tablename__ = "accounts"
    __facts__ = Facts("staff", Kind.OPERATIONAL, "coordinator", "two years after it closes")

    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(Sealed("accounts.email"), info=CONTACT)
    email_index: Mapped[str] = mapped_column(String(22), unique=True, info=CONTACT)
    password_hash: Mapped[str | None] = mapped_column(String(200), info=SECRET)
    authenticator: Mapped[str | None] = mapped_column(Sealed("accounts.authenticator"), info=SECRET)
    last_code_at: Mapped[int | None] = mapped_column(info=SECRET)
    """The 30-second step of the last authenticator code taken: each code works once."""
    invited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Real time of the latest invitation; empty once it was accepted."""
    ends_on: Mapped[date | None]
    """The last day on which the account may sign in."""
    grants: Mapped[list["Grant"]] = relationship(
        back_populates="account", lazy="selectin", cascade="all, delete-orphan"
    )


class Grant(Record):
    """A role of an account: for one cohort, for one partner, or for all."""

    __tablename__ = "grants"
    __facts__ = Facts("staff", Kind.OPERATIONAL, "coordinator", "two years after it ends")
    __table_args__ = (UniqueConstraint("account_id", "role", "cohort_id", "partner_id"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(word(Role))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"), index=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"))
    first_day: Mapped[date | None]
    """Of somebody who stands in for a while: the first and the last day. Empty: for good."""
    last_day: Mapped[date | None]
    account: Mapped[Account] = relationship(back_populates="grants")


class SignIn(Record):
    """One signed-in browser. Ending the row ends the session, wherever its cookie was copied."""

    __tablename__ = "sign_ins"
    __facts__ = Facts("staff", Kind.SECRET, "nobody", "90 days")

    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    account: Mapped[Account] = relationship(lazy="joined")


class WrongTry(Record):
    """A sign-in that failed or a code that was asked for or guessed, by whom and from where."""

    __tablename__ = "wrong_tries"
    __facts__ = Facts("staff", Kind.SECRET, "nobody", "one day")
    __table_args__ = (Index("ix_wrong_tries_key_at", "key", "at"),)

    key: Mapped[str] = mapped_column(String(22))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class PersonalCode(Record):
    """A six-digit code sent to whoever holds a personal link: it opens more than the link does."""

    __tablename__ = "personal_codes"
    __facts__ = Facts("participant", Kind.SECRET, "nobody", "one day")

    purpose: Mapped[Purpose] = mapped_column(word(Purpose))
    row_id: Mapped[int] = mapped_column(index=True)
    seed: Mapped[str] = mapped_column(String(32))
    """The code follows from it and the secret, whenever it is needed. It is stored nowhere."""
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """Real time, like all that follows."""
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    wrong_tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class LinkGeneration(Record):
    """How often the link for one row was replaced. No row means never."""

    __tablename__ = "link_generations"
    __facts__ = Facts("participant", Kind.SECRET, "nobody", "while the linked row is kept")
    __table_args__ = (UniqueConstraint("purpose", "row_id"),)

    purpose: Mapped[Purpose] = mapped_column(word(Purpose))
    row_id: Mapped[int]
    generation: Mapped[int] = mapped_column(default=0)
