"""Vocabulary of the outbox, and pure decisions: when a text may be sent, what it must not say."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from programme.foundation.clock import instant, local
from programme.people.nations import working_day
from programme.people.rules import Channel


class State(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    BOUNCED = "bounced"
    UNCERTAIN = "uncertain"
    SKIPPED = "skipped"
    STOPPED = "stopped"


class Wants(StrEnum):
    """What somebody who wrote back wants."""

    STOP = "stop"
    START = "start"
    ANSWER = "answer"
    """Anything else: a person reads it."""


LONGEST_ID = 200
"""Of what providers and mail programs give a message: what does not fit is cut off."""
WAITING = (State.QUEUED, State.SENDING)
NEEDS_A_PERSON = (State.FAILED, State.BOUNCED, State.UNCERTAIN)
HAS_LEFT = (State.SENT, State.DELIVERED, State.UNCERTAIN)
LEAVES_BY_ITSELF = (Channel.EMAIL, Channel.SMS)
"""Whoever it was to knows what it said, or may."""


ASKED_JUST_NOW = frozenset({"code"})
"""Texts that somebody asked for this minute: they go at any hour."""


class NotSafe(Exception):
    """A message may not be sent this way; the reason is a sentence without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotAgreed(NotSafe):
    """The person does not agree to messages: nothing follows, not even a task to ring."""


def fit_into_hours(
    due: datetime, expires: datetime, from_hour: int, until_hour: int, zone: str, now: datetime
) -> datetime | None:
    """When to send what is due at `due`, between two hours of the day in `zone`.

    At `due` if that lies between them (or now, if it passed); else earlier, at the
    end of the latest time between them that is still to come; else when they next
    begin, if that is before `expires`. None: there is no such time.
    """
    wanted = max(due, now)
    if from_hour >= until_hour or wanted >= expires:
        return None
    if is_within_hours(wanted, from_hour, until_hour, zone):
        return wanted
    earlier = _latest_before(wanted, until_hour, zone)
    fitting = earlier if earlier >= now else next_opening(wanted, from_hour, zone)
    fits = fitting < expires and is_within_hours(fitting, from_hour, until_hour, zone)
    return fitting if fits else None


def is_within_hours(at: datetime, from_hour: int, until_hour: int, zone: str) -> bool:
    """Whether clocks in `zone` show a time from `from_hour` up to, not including, `until_hour`."""
    return from_hour <= local(at, zone).hour < until_hour


def next_opening(at: datetime, from_hour: int, zone: str) -> datetime:
    """The first instant from `at` on at which it is `from_hour` in `zone`."""
    today = local(at, zone).date()
    openings = (_at_hour(today + timedelta(days=days), from_hour, zone) for days in (0, 1))
    return next(opening for opening in openings if opening >= at)


BEFORE_THE_END = timedelta(minutes=30)
"""How long before the end of the hours something brought forward is sent, so that it arrives."""


def _latest_before(at: datetime, until_hour: int, zone: str) -> datetime:
    today = local(at, zone).date()
    ends = (_at_hour(today - timedelta(days=days), until_hour, zone) for days in (0, 1))
    return next(end - BEFORE_THE_END for end in ends if end <= at)


def _at_hour(day: date, hour: int, zone: str) -> datetime:
    """Hour 24 is the midnight that ends the day."""
    midnight = datetime.combine(day, time())
    return instant(midnight + timedelta(hours=hour), zone)


DAYS_IN_THE_POST = 3


def last_posting_day(of_use_until: date, is_closed: Callable[[date], bool]) -> date:
    """The last day on which a letter can be posted and still arrive before the day `of_use_until`:
    three working days earlier."""
    day = of_use_until
    for _ in range(DAYS_IN_THE_POST):
        day = working_day(day - timedelta(days=1), is_closed, step=-1)
    return day


RETRY_FOR = timedelta(hours=72)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: a minute, doubling up to four hours."""
    return min(FIRST_PAUSE * (1 << min(attempts - 1, 20)), LONGEST_PAUSE)


REVEALING = re.compile(
    r"""(?<![a-z])(?:
    (?:im)?prison(?:s|ed|ers?|ment)? | inmates? | jail(?:s|ed|er|ers)? | gaol(?:s|ed|ers?)? |
    hmp | remand(?:ed)? | custod(?:y|ial|ian) | behind\ bars | sentenced | sentencing |
    (?:serv\w+\ a|his|her|their|life|long|suspended)\ sentence | sentence\ of |
    offen[cs]es? | (?:re)?offend(?:s|ed|ers?|ing)? | crimes? | criminal(?:s|ly|ity)? |
    courts? | courtroom | probation(?:ers?|ary)? | parole[de]? | convict(?:s|ed|ions?)? |
    arrest(?:s|ed|ing)? | police(?:d|man|men|woman|women)? | policing |
    abus(?:e|es|ed|er|ers|ing|ive) | violen(?:ce|t|tly) | neglect(?:s|ed|ing|ful)? |
    safeguard(?:s|ed|ing)? |
    social\ (?:services?|workers?|care) | children\W?s\ services | parenting |
    behaviou?ral | behaviou?r\ problems? | (?:problem|challenging)\ behaviou?rs?
    )(?![a-z])""",
    re.VERBOSE,
)
RUN_TOGETHER = re.compile(
    "prison|inmate|offend|convict|probation|parole|safeguard|custod|crimin|abuse|violen|parenting"
)
"""Looked for inside names without separators too, such as prisonfamilies.example. None is short
enough to turn up by chance in the key of a link."""
ELSEWHERE = re.compile(
    r"""\b(?:
    # Welsh, with its mutations
    (?:c|g|ch|ngh)archar\w* | llys(?:oedd)? | heddlu | (?:t|d|th)rosedd\w* | (?:t|d|th)rais |
    ddedfryd\w* | dedfryd\w* | (?:g?wasanaeth|swyddog)\ prawf | (?:c|g|ch)am-drin | d?diogelu |
    g?wasanaethau\ cymdeithasol | gweithiwr\ cymdeithasol | rh?ianta |
    # Polish, with and without its marks
    wi[eę]zie[nń]\w* | wi[eę][zź]ni\w* | zak[lł]ad\w*\ karn\w* | aresz\w* | wyrok\w* | skazan\w* |
    sąd(?:u|owi|em|zie|y|ów|ami|ach|ow\w+)? | przest[eę]p\w* | kurator\w* | policj\w* | przemoc\w* |
    (?:opiek|pomoc)\w*\ spo[lł]eczn\w* | pracowni\w+\ socjaln\w* |
    # Urdu
    جیل | جیلوں | قید | قیدی | قیدیوں | عدالت | عدالتی | عدالتوں | جرم | جرائم | مجرم | مجرموں |
    پولیس | گرفتار | گرفتاری | سزا | ضمانت | تشدد | زیادتی | پروبیشن | پیرول | سوشل\ (?:سروسز|ورکر)
    )(?!\w)""",
    re.VERBOSE,
)
"""The same words in the other languages that we write in, as they are found in sentences."""
NAME_LIKE = re.compile(r"\S*[\w-][.@/_]\w\S*")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
SEPARATORS = re.compile(r"[^a-z’']+")


def revealing_words(text: str) -> list[str]:
    """The words in `text` that would tell a stranger, in order, each once, in lower case.

    Whole words, also inside addresses and file names, whose parts may be run together.
    """
    spaced = SEPARATORS.sub(" ", CAMEL.sub(" ", text).lower())
    found = REVEALING.findall(spaced) + ELSEWHERE.findall(" ".join(text.casefold().split()))
    for name in NAME_LIKE.findall(text):
        found += RUN_TOGETHER.findall(name.lower())
    return list(dict.fromkeys(found))
