"""What somebody chose on a question's screen."""

from collections.abc import Mapping

from programme.foundation.web import Refusal
from programme.questionnaires.instrument import Item
from programme.questionnaires.rules import Chosen

RATHER_NOT = "rather-not"


def read_choice(form: Mapping[str, str], item: Item) -> Chosen:
    """What was chosen.

    Raises:
        Refusal: nothing was, or something that is not on the screen.
    """
    if form.get("skip"):
        return Chosen(is_skipped=True)
    given = form.get("answer", "")
    if given == RATHER_NOT:
        return Chosen()
    values = {str(option.value): option.value for option in item.options}
    if given not in values:
        raise Refusal("Choose one of the answers, or skip this question.")
    return Chosen(values[given])
