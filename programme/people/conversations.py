"""The first conversation: what was agreed, each consent, and what changes later."""

from datetime import datetime

from programme.access.viewer import Viewer, participant_viewer
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.people.actions import check_can_edit
from programme.people.entries import write_name_words
from programme.people.models import Consent, FirstConversation, Participant
from programme.people.queries import consents_of
from programme.people.rules import CONSENT_WORDING_VERSION, Agreement, Channel, ConsentPurpose


def check_can_agree(person: Participant, agreement: Agreement, *, by: Viewer, at: datetime) -> None:
    """Raises Refusal: the agreement cannot be kept, and says why."""
    check_can_edit(person, by=by)
    if agreement.spoken_at > at:
        raise Refusal("The conversation cannot be in the future. Give the day on which you spoke.")
    if agreement.channel is Channel.EMAIL and not person.email:
        raise Refusal("There is no e-mail address yet. Add it first, or choose another way.")
    if agreement.channel in (Channel.SMS, Channel.BY_HAND, Channel.PHONE) and not person.phone:
        raise Refusal("There is no phone number yet. Add it first, or choose another way.")
    if agreement.channel is Channel.POST and person.household.do_not_post:
        raise Refusal("Nothing may be posted to this home. Choose another way.")
    if agreement.channel is Channel.POST and not person.household.address_is_complete:
        raise Refusal("The address is not complete yet. Add it first, or choose another way.")
    if agreement.channel in (Channel.SMS, Channel.BY_HAND) and not agreement.may_text:
        raise Refusal("Texting is not allowed. Allow it, or choose another way.")


def record_conversation(
    person: Participant, agreement: Agreement, *, by: Viewer, at: datetime
) -> FirstConversation:
    """Write down what was agreed. Once more is a new version of it, and each answer a new row.

    Raises:
        Refusal: see `check_can_agree`.
    """
    check_can_agree(person, agreement, by=by, at=at)
    kept = person.conversation or _first(person)
    kept.at, kept.by, kept.spoken_by = agreement.spoken_at, by.actor, agreement.spoken_by
    kept.channel, kept.review_on = agreement.channel, agreement.review_on
    kept.from_hour, kept.until_hour = agreement.from_hour, agreement.until_hour
    kept.may_leave_voicemail = agreement.may_leave_voicemail
    kept.who_must_not_know = agreement.who_must_not_know or None
    kept.from_partners_file = False
    kept.version = (kept.version or 0) + 1
    person.may_text, person.known_as = agreement.may_text, agreement.known_as
    write_name_words(person)
    audit.record("recorded conversation", person, by=by, at=at, version=kept.version)
    for purpose, is_given in agreement.consents.items():
        keep_answer(person, purpose, is_given, by=by, at=at)
    return kept


def answer_consent(
    person: Participant, purpose: ConsentPurpose, is_given: bool, *, by: Viewer, at: datetime
) -> None:
    """They changed their mind about one purpose. Withdrawing is always possible.

    Raises:
        Refusal: nobody has spoken with them yet.
    """
    check_can_edit(person, by=by)
    if is_given and person.conversation is None:
        raise Refusal("Record the first conversation first: consent is given there.")
    keep_answer(person, purpose, is_given, by=by, at=at)


def withdraw_oneself(person: Participant, purpose: ConsentPurpose, *, at: datetime) -> bool:
    """They said themselves that they do not agree, by a reply or a link; whoever they are, that
    holds. Says whether it is new."""
    known = consents_of(person.id).get(purpose)
    if known and not known.is_given:
        return False
    keep_answer(person, purpose, is_given=False, by=participant_viewer(person.id), at=at)
    return True


def _first(person: Participant) -> FirstConversation:
    made = FirstConversation(participant_id=person.id, version=0)
    person.conversation = made
    db.session.add(made)
    return made


def keep_answer(
    person: Participant, purpose: ConsentPurpose, is_given: bool, *, by: Viewer, at: datetime
) -> None:
    """A row for each answer that says something new, or in a newer wording. Checks nothing."""
    known = consents_of(person.id).get(purpose)
    said = (is_given, CONSENT_WORDING_VERSION)
    if known and (known.is_given, known.wording_version) == said:
        return
    answer = Consent(
        participant_id=person.id,
        purpose=purpose,
        wording_version=CONSENT_WORDING_VERSION,
        is_given=is_given,
        at=at,
        by=by.actor,
    )
    db.session.add(answer)
    action = "consent given" if is_given else "consent withdrawn"
    audit.record(action, person, by=by, at=at, purpose=purpose, version=CONSENT_WORDING_VERSION)
