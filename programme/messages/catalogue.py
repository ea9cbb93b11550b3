"""What each text is for, as staff read it: `templates/messages/texts.yaml`."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from programme.messages.languages import TEXTS


@dataclass(frozen=True)
class About:
    """What is known of a text. `fills`: what whoever queues it gives a value for; `kind`: the
    kind of step that sends it, unless the plan names the text itself; `when`: when it goes if no
    plan sends it. No programme's words count for what is not `is_of_a_programme`."""

    template: str
    name: str
    purpose: str
    fills: frozenset[str]
    kind: str
    when: str
    is_of_a_programme: bool
    is_for_staff: bool
    is_part: bool


@cache
def every_text() -> dict[str, About]:
    """The texts by the names of their files, in the order of `texts.yaml`."""
    written = yaml.safe_load((TEXTS / "texts.yaml").read_text(encoding="utf-8"))
    return {template: _about(template, facts) for template, facts in written.items()}


def texts_to_families() -> list[About]:
    """What families get in a programme's name, and coordinators may put in their own words."""
    return [about for about in every_text().values() if about.is_of_a_programme]


def _about(template: str, facts: dict[str, Any]) -> About:
    return About(
        template=template,
        name=facts["name"],
        purpose=facts["for"],
        fills=frozenset(facts.get("fills", ())),
        kind=facts.get("kind", ""),
        when=facts.get("when", ""),
        is_of_a_programme=facts.get("own", True) and facts.get("to") != "staff",
        is_for_staff=facts.get("to") == "staff",
        is_part=facts.get("part", False),
    )
