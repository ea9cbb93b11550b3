"""What was typed about a person and in a first conversation, checked, with sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from werkzeug.datastructures import MultiDict

from programme.foundation.clock import instant, local
from programme.people.imports.candidates import Candidate
from programme.people.imports.fields import Field
from programme.people.imports.found import ASK
from programme.people.imports.rows import read_one
from programme.people.rules import Agreement, Channel, ConsentPurpose, Relationship

TYPED = (
    Field.FIRST_NAME, Field.SURNAME, Field.KNOWN_AS, Field.PHONE, Field.EMAIL, Field.OK_TO_TEXT,
    Field.FULL_ADDRESS, Field.TOWN, Field.POSTCODE, Field.DO_NOT_POST, Field.CHILDREN,
    Field.LANGUAGE, Field.LARGE_PRINT, Field.ALLERGIES, Field.ACCESS_NEEDS, Field.NOTES,
)  # fmt: skip
BY_HAND = "Correct it, or leave it blank for now."
NO_ROW = 0


@dataclass(frozen=True)
class PersonTyped:
    """A person's form as read by the same rules as a file; errors by the field's name."""

    candidate: Candidate
    errors: dict[str, str]


def read_person(form: MultiDict[str, str], on: date) -> PersonTyped:
    """`on` is the day that children's ages are reckoned from."""
    cells = {field: form.get(field.value, "") for field in TYPED}
    candidate = read_one(_as_address_lines(cells), row=NO_ROW, on=on)
    chosen = form.get("relationship", "")
    is_known = chosen in set(Relationship)
    errors = {problem.field: _by_hand(problem.message) for problem in reversed(candidate.problems)}
    if not is_known:
        errors["relationship"] = "Choose who they are to the child."
    relationship = Relationship(chosen) if is_known else None
    return PersonTyped(replace(candidate, relationship=relationship), errors)


def _as_address_lines(cells: Mapping[Field, str]) -> dict[Field, str]:
    """The lines that were typed one under the other, each as a line of its own."""
    lines = [line for line in cells[Field.FULL_ADDRESS].splitlines() if line.strip()]
    first, second, *rest = [*lines, "", ""]
    return {
        **{field: text for field, text in cells.items() if field is not Field.FULL_ADDRESS},
        Field.ADDRESS1: first,
        Field.ADDRESS2: second,
        Field.ADDRESS3: ", ".join(line for line in rest if line),
    }


def _by_hand(message: str) -> str:
    """A sentence for one person, without the number of a row."""
    sentence = message.partition(": ")[2].replace(ASK, BY_HAND)
    sentence = sentence.replace("Ask for it, or leave this person out for now.", BY_HAND)
    sentence = sentence.replace(", or leave this person out for now.", ".")
    return sentence[:1].upper() + sentence[1:]


@dataclass(frozen=True)
class ConversationTyped:
    """A conversation's form; `agreement` is None while there are errors."""

    agreement: Agreement | None
    errors: dict[str, str]


def read_conversation(form: MultiDict[str, str], *, zone: str, at: datetime) -> ConversationTyped:
    """Read the form; a conversation of today was held now, of another day at noon."""
    spoken_on = _day(form.get("spoken_on", ""))
    review_on = _day(form.get("review_on", ""))
    channel = form.get("channel", "")
    hours = (form.get("from_hour", 9, type=int), form.get("until_hour", 20, type=int))
    checks = {
        "spoken_on": (
            spoken_on is not None,
            "Give the day on which you spoke, such as 2026-10-06.",
        ),
        "spoken_by": (_text(form, "spoken_by"), "Say who spoke with them."),
        "known_as": (_text(form, "known_as"), "Say what name to use."),
        "channel": (channel in set(Channel), "Choose how we may reach them."),
        "until_hour": (0 <= hours[0] < hours[1] <= 24, "The hours must begin before they end."),
        "review_on": (
            review_on is not None or not _text(form, "review_on"),
            "Give the day as a date, such as 2027-01-15, or leave it blank.",
        ),
    }
    errors = {name: sentence for name, (is_fine, sentence) in checks.items() if not is_fine}
    if errors or spoken_on is None:
        return ConversationTyped(None, errors)
    agreement = Agreement(
        spoken_at=_spoken_at(spoken_on, zone, at),
        spoken_by=_text(form, "spoken_by")[:120],
        known_as=_text(form, "known_as")[:60],
        channel=Channel(channel),
        from_hour=hours[0],
        until_hour=hours[1],
        may_text="may_text" in form,
        may_leave_voicemail="may_leave_voicemail" in form,
        who_must_not_know=_text(form, "who_must_not_know"),
        review_on=review_on,
        consents={purpose: purpose.value in form.getlist("consent") for purpose in ConsentPurpose},
    )
    return ConversationTyped(agreement, {})


def _spoken_at(day: date, zone: str, at: datetime) -> datetime:
    if local(at, zone).date() == day:
        return at
    return instant(datetime.combine(day, time(12)), zone)


def _text(form: MultiDict[str, str], name: str) -> str:
    return form.get(name, "").strip()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
