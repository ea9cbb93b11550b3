"""What columns are called, in the languages that meeting services speak to us.

Only a help: most columns are known by what stands in them (`columns.py`).
"""

import re
from enum import StrEnum

from programme.registers.reports.months import folded


class Column(StrEnum):
    NAME = "name"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    EMAIL = "e-mail"
    JOINED = "joined"
    LEFT = "left"
    ACTION = "action"
    DURATION = "duration"
    WAITING = "in the waiting room"
    GUEST = "guest"
    CAME = "attended"
    OTHER = "something else"


_WORDS: tuple[tuple[Column, str], ...] = (
    (
        Column.OTHER,
        r"\bupn\b|registr|\bphone\b|topic|thema\b|engagement|country|source|approval|consent|"
        r"disclaimer|department|creat|\b(meeting|webinar|besprechung)s?[ -]?id\b|\bid$|"
        r"\b(start|end|beginn?|anfang|ende|debut|fin|inicio|inizio|fine|poczatek|koniec|dechrau|"
        r"diwedd)\b|startzeit|endzeit|average|job title|organi[sz]ation|^#",
    ),
    (
        Column.WAITING,
        r"waiting|lobby|warteraum|d.attente|sala de espera|d.attesa|wachtruimte|wachtkamer|aros\b|"
        r"poczekaln|venterum|vantrum|venterom|"
        r"sala de asteptare|bekleme|phong cho|ruang tunggu|ожидан|等候|待機|대기",
    ),
    (
        Column.FIRST_NAME,
        r"^(first|given) ?name|^forename|^vorname|^prenom|^enw cyntaf|^imie$|^voornaam|^fornavn|"
        r"^fornamn|^nombre de pila",
    ),
    (
        Column.LAST_NAME,
        r"^(last|family) ?name|^surname|^nachname|^familienname|^nom de famille|^apellidos?\b|"
        r"^cyfenw|^nazwisko|^cognome|^achternaam|^efternavn|^etternavn|^efternamn|^sobrenome",
    ),
    (Column.EMAIL, r"e-?mail|courriel|correo|e-?bost|poczt|^upn$|メール|邮件|이메일"),
    (
        Column.DURATION,
        r"duration|dauer|duree|duracion|durata|duracao|\bduur|\bhyd\b|czas trwania|czas udzialu|"
        r"time in (session|call|meeting)|minut|varaktighed|varaktighet|varighet|продолж|durat|"
        r"时长|時長|期間|기간",
    ),
    (
        Column.CAME,
        r"^(attended|teilgenommen|a participe|asistio|ha partecipato|mynychod\w*|obecn\w+)$",
    ),
    (Column.GUEST, r"^(is )?(guest|gast|invite|invitado|convidado|gwestai|gosc|ospite)$"),
    (
        Column.LEFT,
        r"leave|\bleft\b|exit|verlassen|austritt|depart|sortie|salida|uscita|saida|vertrek|gadael|"
        r"opuszcz|wyjsc|last seen|forlo|lamn|退",
    ),
    (
        Column.JOINED,
        r"join|first seen|beitritt|beigetreten|teilnahme|arrivee|connexion|entree|participation$|"
        r"entrada|union\b|ingresso|ymuno|dolacz|toetred|deelname|timestamp|zeitstempel|horodat|"
        r"marca de (tiempo|hora)|znacznik|stamp|tilslut|anslut|加入|参加",
    ),
    (Column.ACTION, r"\baction|aktion|accion|azione|acao|gweithred|czynnosc|actie|handling"),
    (
        Column.NAME,
        r"name|\bnom\b|nombre|\benw\b|\bnome\b|naam|navn|namn|nazwa|imie|uczestnik|teilnehmer|"
        r"participant|attendee|参加者|名|이름|имя|^user$",
    ),
)
_PATTERNS = tuple((column, re.compile(words)) for column, words in _WORDS)


def column_called(heading: str) -> Column | None:
    """None for words that nobody taught us."""
    plain = folded(heading[:80])
    return next((column for column, words in _PATTERNS if words.search(plain)), None)


_YES = "yes y ja j oui o si s ie tak sim da true 1 x kylla igen ano evet ya co да 是 はい 예"
_NO = (
    "no n nein non na nie nao false 0 nee nej nei ei nem ne hayir tidak khong нет 否 いいえ 아니요"
)
YES, NO = frozenset(_YES.split()), frozenset(_NO.split())
PLACEHOLDERS = frozenset({"", "-", "--", "---", "–", "—", "n/a", "na", "none", "null", "nan"})


def is_yes(text: str) -> bool:
    return folded(text) in YES


def is_no(text: str) -> bool:
    return folded(text) in NO


def is_placeholder(text: str) -> bool:
    return text.casefold() in PLACEHOLDERS


_ORGANISER = re.compile(
    r"(co-? ?|mit|meeting |second )?(organi[sz]\w*|trefnydd|cyd-?drefnydd|arrang\w+|jarjestaja|"
    r"(co-?)?host|gastgeber\w*|hote|anfitrion|anfitriao|организатор|組織者|主催者|组织者)"
)
_STAFF_TITLE = re.compile(
    r"\b(host|panelist|panellist|gastgeber|podium|moderator|hote|animateur|anfitri|panelista|"
    r"ospitante|relatori|prowadz|panelis)"
)


def is_organiser(cell: str) -> bool:
    """A whole cell that says so, such as a role."""
    return len(cell) < 40 and bool(_ORGANISER.fullmatch(folded(cell)))


def is_about_staff(title: str) -> bool:
    """`Host Details` above a table."""
    return len(title) < 60 and bool(_STAFF_TITLE.search(folded(title)))


_LEFT = re.compile(
    r"\bleft\b|leave|verlassen|gegangen|quitt|parti\b|sorti|sali[od]|abandon|uscit|lasciat|saiu|"
    r"vertrok|verlaten|gadaw|opusc|wysz|wyjs|forlat|forlod|lamna|ayril|parasit|покин|退|離|떠"
)
_JOINED = re.compile(
    r"join|beigetreten|teilgenommen|rejoint|connect|particip|unio|entro|ingres|partecip|ymun|"
    r"dolacz|toeget|deelgen|tilslut|anslut|katil|alatur|присоед|加入|参加|참"
)


def is_leaving(verb: str) -> bool | None:
    """None for a verb that nobody taught us."""
    plain = folded(verb)
    if _LEFT.search(plain):
        return True
    return False if _JOINED.search(plain) else None
