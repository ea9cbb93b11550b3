"""Certificates: for whom one may be printed, and what it says. Nothing of them is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from sqlalchemy import func, select

from programme.access.viewer import Viewer
from programme.cohorts.callers import facilitators_of
from programme.cohorts.models import Cohort, Enrolment, GroupSession
from programme.cohorts.programmes import load_programme
from programme.cohorts.rules import Stage
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.paper import NotPrinted
from programme.foundation.web import Refusal
from programme.messages.rules import revealing_words
from programme.registers.papers import Certificate, print_certificates

LONGEST_NAME = 60


@dataclass(frozen=True)
class Held:
    """The days of the first and the last session that took place."""

    first: date
    last: date


def check_can_have_certificate(place: Enrolment) -> None:
    """Raises Refusal unless the place was completed."""
    if place.stage != Stage.COMPLETED:
        raise Refusal("A certificate is for who completed the programme.")


def print_for(
    cohort: Cohort,
    names: Mapping[int, str],
    *,
    with_facilitators: bool,
    by: Viewer,
    at: datetime,
) -> bytes:
    """Certificates of one cohort in one file, each in the name typed for its place (by id).

    Raises:
        Refusal: nobody was chosen, a name is missing or too long, somebody has not completed, the
            words would give something away, or it could not be printed now.
    """
    tidy = {place_id: tidy_name(name) for place_id, name in names.items()}
    places = _places(cohort, list(tidy))
    if not places or len(places) != len(tidy):
        raise Refusal("Choose for whom to print a certificate.")
    for place in places:
        check_can_have_certificate(place)
    certificate = certificate_of(cohort, with_facilitators=with_facilitators)
    printed = _print(certificate, [tidy[place.id] for place in places])
    ids = [place.id for place in places]
    audit.record("printed certificates", cohort, by=by, at=at, enrolments=ids)
    return printed


def certificate_of(cohort: Cohort, *, with_facilitators: bool) -> Certificate:
    """What every certificate of a cohort says.

    Raises:
        Refusal: the programme's or the charity's public name would give something away.
    """
    names = facilitators_of([cohort.id]).get(cohort.id, []) if with_facilitators else []
    held = _held(cohort)
    certificate = Certificate(
        title=load_programme(cohort.programme).public_name,
        dates=f"{say_date(held.first)} to {say_date(held.last)}",
        from_whom=current_app.config["SETTINGS"].public_name,
        facilitators=" and ".join(names),
    )
    told = revealing_words(f"{certificate.title} {certificate.from_whom}")
    if told:
        raise Refusal(f"A certificate may be read by anybody: it cannot say “{told[0]}”.")
    return certificate


def tidy_name(name: str) -> str:
    """A name as it is printed.

    Raises:
        Refusal: there is none, or it is too long for the page.
    """
    tidy = " ".join("".join(sign for sign in name if sign.isprintable()).split())
    if not tidy:
        raise Refusal("Type the name that the certificate is to say.")
    if len(tidy) > LONGEST_NAME:
        raise Refusal(f"The name is too long to print. Use at most {LONGEST_NAME} letters.")
    return tidy


def say_date(day: date) -> str:
    """ "6 October 2026" """
    return f"{day.day} {day:%B %Y}"


def _print(certificate: Certificate, names: list[str]) -> bytes:
    try:
        return print_certificates(certificate, names)
    except NotPrinted as problem:
        raise Refusal("It could not be printed just now. Try again in a minute.") from problem


def _places(cohort: Cohort, ids: list[int]) -> list[Enrolment]:
    asked = select(Enrolment).filter_by(cohort_id=cohort.id).where(Enrolment.id.in_(ids))
    return list(db.session.scalars(asked.order_by(Enrolment.id)))


def _held(cohort: Cohort) -> Held:
    days = select(func.min(GroupSession.day), func.max(GroupSession.day)).where(
        GroupSession.cohort_id == cohort.id, GroupSession.cancelled_at.is_(None)
    )
    return Held(*db.session.execute(days).one())
