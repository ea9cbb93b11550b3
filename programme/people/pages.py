"""The list of people, one person's page, adding and correcting, and own families."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.foundation.clock import now
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.people.actions import add_person, correct_person, may_see_addresses, note_seen
from programme.people.already_here import find_already_here
from programme.people.details import details
from programme.people.entries import lacks_of
from programme.people.forms import PersonTyped, read_person
from programme.people.imports.languages import language_name
from programme.people.listing import Sought, own_families, people_list
from programme.people.models import Participant
from programme.people.phones import say_phone
from programme.people.previewing import without_row
from programme.people.queries import EDIT, SEE, day_of, partners_for, person_for
from programme.people.rules import RELATIONSHIP_LABELS, STANDING_LABELS, Standing

blueprint = Blueprint("people", __name__)


@blueprint.get("/people")
@needs(Permission.SEE_PEOPLE)
def everybody() -> str:
    state = request.args.get("state", "")
    sought = Sought(
        text=request.args.get("q", ""),
        standing=Standing(state) if state in set(Standing) else None,
        partner_id=request.args.get("partner", type=int),
    )
    page = request.args.get("page", 1, type=int)
    return render_template(
        "people/list.html",
        found=people_list(viewer(), sought, page=page, at=now()),
        sought=sought,
        partners=partners_for(viewer(), SEE),
        labels=STANDING_LABELS,
        can_add=viewer().can(EDIT),
    )


@blueprint.get("/families")
@needs(Permission.SEE_OWN_FAMILIES)
def families() -> str:
    return render_template("people/families.html", families=own_families(viewer()))


@blueprint.get("/people/<int:number>")
@needs(Permission.SEE_PEOPLE, leaves_trace=True)
def person(number: int) -> str:
    found = person_or_404(number, SEE)
    note_seen(found, by=viewer(), at=now())
    return render_template(
        "people/person.html", person=details(found, viewer=viewer(), at=now()), problem=""
    )


@blueprint.get("/people/new")
@needs(Permission.EDIT_PEOPLE)
def new_person() -> str:
    return show_form(None, MultiDict())


@blueprint.post("/people/new")
@needs(Permission.EDIT_PEOPLE)
def add() -> Response | tuple[str, int]:
    typed = read_person(request.form, day_of(now()))
    if typed.errors:
        return show_form(None, request.form, typed.errors), 422
    if question := _who_it_may_be(typed):
        return show_form(None, request.form, question=question), 422
    try:
        partner_id = request.form.get("partner", 0, type=int)
        added = add_person(typed.candidate, partner_id=partner_id, by=viewer(), at=now())
    except Refusal as refusal:
        return show_form(None, request.form, {"partner": str(refusal)}), 422
    db.session.flush()
    flash(f"{added.known_as} is added. Nothing goes to them before the first conversation.", "done")
    return redirect(url_for("people.person", number=added.id), 303)


@blueprint.get("/people/<int:number>/edit")
@needs(Permission.EDIT_PEOPLE, leaves_trace=True)
def edit(number: int) -> str:
    found = person_or_404(number)
    note_seen(found, by=viewer(), at=now())
    return show_form(found, as_typed(found))


@blueprint.post("/people/<int:number>/edit")
@needs(Permission.EDIT_PEOPLE)
def correct(number: int) -> Response | tuple[str, int]:
    found = person_or_404(number)
    typed = read_person(request.form, day_of(now()))
    if typed.errors:
        return show_form(found, request.form, typed.errors), 422
    correct_person(found, typed.candidate, by=viewer(), at=now())
    flash(f"{found.known_as}: details saved.", "done")
    return redirect(url_for("people.person", number=number), 303)


def person_or_404(number: int, permission: Permission = EDIT) -> Participant:
    """The person whom the viewer may change (or see), or a page that says there is none."""
    found = person_for(viewer(), number, permission)
    if found is None:
        abort(404)
    return found


def show_form(
    found: Participant | None,
    typed: MultiDict[str, str],
    errors: dict[str, str] | None = None,
    question: str = "",
) -> str:
    """The form with what was typed; `question`: somebody like this is here already."""
    return render_template(
        "people/form.html",
        person=found,
        typed=typed,
        errors=errors or {},
        question=question,
        partners=partners_for(viewer()),
        relationships=RELATIONSHIP_LABELS,
        lacks=lacks_of(found.household) if found else [],
        hides_address=found is not None and not may_see_addresses(viewer()),
    )


def as_typed(found: Participant) -> MultiDict[str, str]:
    """What the form holds before anybody types; the address only for whoever may see it."""
    home = found.household
    typed = {
        "first_name": found.first_name,
        "surname": found.surname,
        "known_as": found.known_as,
        "relationship": found.relationship_to_child.value,
        "phone": say_phone(found.phone),
        "email": found.email,
        "ok_to_text": "yes" if found.may_text else "",
        "language": language_name(found.language),
        "large_print": "yes" if found.large_print else "",
        "do_not_post": "yes" if home.do_not_post else "",
        "allergies": found.allergies,
        "access_needs": found.access_needs,
        "notes": found.notes,
        "children": "; ".join(
            f"{child.first_name} {child.birth_year or ''}".strip() for child in home.children
        ),
    }
    if may_see_addresses(viewer()):
        typed |= {
            "full_address": home.address_lines, "town": home.town, "postcode": home.postcode,
        }  # fmt: skip
    return MultiDict({name: text for name, text in typed.items() if text})


def _who_it_may_be(typed: PersonTyped) -> str:
    """A question to answer first, once: the form comes back with a box to tick."""
    if "as_another" in request.form:
        return ""
    found = find_already_here([typed.candidate], viewer=viewer()).get(typed.candidate.row)
    if found is None:
        return ""
    if found.person_id is None:
        return "Ask us before you add this person: somebody like this may be known already."
    return without_row(found.message)
