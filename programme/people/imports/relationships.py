"""Relationship words, English and Welsh and those that grandmothers are called by."""

import re

from programme.people.imports.found import Found, is_nothing, notice, shown
from programme.people.rules import Relationship

_WORDS: dict[Relationship, str] = {
    Relationship.MOTHER: "mother mum mummy mam mammy mom ma mama mami mumma mamma mama matka amma"
    " ammi",
    Relationship.FATHER: "father dad daddy dada da papa pa tad ojciec tata abbu abba",
    Relationship.GRANDPARENT: "grandparent grandparents grandmother grandfather grandma grandpa"
    " gran granny grandad granddad grandmum nan nana nanna nanny nannie gramps grampa grandmam"
    " grampy nain taid mamgu tadcu babcia dziadek dadi nani granma grannie grandmama gma"
    " gpa granda abuela abuelo nonna nonno daadi naani gransha",
    Relationship.AUNT_OR_UNCLE: "aunt aunty auntie uncle modryb ewythr anti khala chacha ciocia"
    " wujek",
    Relationship.STEP_PARENT: "stepmum stepdad stepmother stepfather stepparent stepmam llysfam"
    " llystad stepmom",
    Relationship.SIBLING: "sibling sister brother sis bro chwaer brawd stepsister stepbrother",
    Relationship.FOSTER_CARER: "foster fosterer fostercarer fostermum fosterdad",
    Relationship.OTHER_CARER: "kinship carer carers guardian sgo cousin friend neighbour niece"
    " nephew godmother godfather godparent partner wife husband spouse parent other relative"
    " family girlfriend boyfriend ex cyfnither gofalwr gwarcheidwad connected",
}
_BY_WORD = {word: kind for kind, words in _WORDS.items() for word in words.split()}
# Which of two words decides: a step-dad is no dad, a foster mum no mum, a great-aunt an aunt.
_STRONGEST = (
    Relationship.FOSTER_CARER,
    Relationship.STEP_PARENT,
    Relationship.GRANDPARENT,
    Relationship.AUNT_OR_UNCLE,
    Relationship.SIBLING,
    Relationship.MOTHER,
    Relationship.FATHER,
    Relationship.OTHER_CARER,
)


def read_relationship(text: str) -> Found[Relationship | None]:
    if is_nothing(text):
        return Found(None)
    kinds = _kinds(text)
    for kind in _STRONGEST:
        if kind in kinds:
            return Found(kind)
    return notice(
        Relationship.OTHER_CARER,
        f"“{shown(text)}” is not a relationship we know: it is taken as another carer.",
    )


def is_relationship(text: str) -> bool:
    return bool(_kinds(text)) and len(text.split()) <= 4


def _kinds(text: str) -> set[Relationship]:
    words = text.casefold().replace("’", "'")
    if possessive := re.fullmatch(r"(.+)'s (.+)", words):
        return _kinds_of_theirs(*possessive.groups())
    if "in-law" in words or "in law" in words:
        return {Relationship.OTHER_CARER}
    joined = re.sub(r"\b(step|grand|mam|tad)[\s\-]+(?=[a-z])", r"\1", words)
    return {_BY_WORD[word] for word in re.findall(r"[^\W\d_]+", joined) if word in _BY_WORD}


def _kinds_of_theirs(whose: str, who: str) -> set[Relationship]:
    """A dad's mum is a grandmother, a mum's sister an aunt; a child's mother is the mother."""
    kinds = _kinds(who)
    if not _kinds(whose) & {Relationship.MOTHER, Relationship.FATHER}:
        return kinds
    if kinds & {Relationship.MOTHER, Relationship.FATHER}:
        return {Relationship.GRANDPARENT}
    return {Relationship.AUNT_OR_UNCLE} if Relationship.SIBLING in kinds else kinds
