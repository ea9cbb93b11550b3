"""What somebody who wrote back wants, from their words.

Only what can mean nothing else is taken for a wish to stop: "stop please" is one, "stop by
on Tuesday" is not. A person reads everything, so that what is missed here is not lost.
"""

import re

from programme.messages.rules import Wants

STOPS = {"stop", "stopp", "stopall", "unsubscribe", "unsubscribed", "optout"}
STOPS_ALONE = {"cancel", "end", "quit", "revoke"}
"""Taken for it by every provider; in a longer sentence they may mean something else."""
STARTS = {"start", "yes", "unstop", "subscribe", "resubscribe"}
POLITE = {"please", "pls", "plz", "thanks", "thank", "you", "ta", "cheers", "sorry", "hi", "hello"}
AROUND = POLITE | set(
    re.findall(
        r"\w+",
        """a all and any anymore email emailing emails from i id it its just like mail mails me
        message messages messaging more my no now of off ok okay out sending so text texting texts
        the them these this to us want would writing""",
    )
)
PHRASES = (
    (re.compile(r"\bopt(?:ing)? (?:me )?out\b"), "optout"),
    (re.compile(r"\bno more (?:texts|messages|emails|mails)\b"), "stop"),
    (re.compile(r"\b(?:remove|take) me (?:off|from)\b"), "stop"),
)


def wants_of(text: str, subject: str = "") -> Wants:
    """What the words mean: those of the whole text, its first line, or a subject that is one
    such word."""
    first_line = text.strip().partition("\n")[0]
    said = [_wish(_words(part)) for part in (text, first_line) if part.strip()]
    if len(_words(subject)) == 1:
        said.append(_wish(_words(subject)))
    for wish in (Wants.STOP, Wants.START):
        if wish in said:
            return wish
    return Wants.ANSWER


def _wish(words: list[str]) -> Wants:
    said, others = set(words), set(words)
    if said & STOPS:
        others -= STOPS | STOPS_ALONE | AROUND
        return Wants.ANSWER if others else Wants.STOP
    for wish, alone in ((Wants.STOP, STOPS_ALONE), (Wants.START, STARTS)):
        if said & alone and not others - alone - POLITE - {"all"}:
            return wish
    return Wants.ANSWER


def _words(text: str) -> list[str]:
    """Whole words in lower case, without signs: "don't" is one word, and is not "do"."""
    lowered = re.sub(r"['’`]", "", text.casefold().replace("e-mail", "email"))
    joined = " ".join(re.findall(r"\w+", lowered))
    for phrase, word in PHRASES:
        joined = phrase.sub(word, joined)
    return joined.split()
