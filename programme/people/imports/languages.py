"""Languages by their English or own names, to ISO 639 codes."""

import re
import unicodedata

from programme.people.imports.found import Found, notice, problem, shown

_NAMES = {
    "en": "english saesneg eng angielski",
    "cy": "welsh cymraeg cymreig",
    "pl": "polish polski polskie",
    "ur": "urdu اردو",
    "pa": "punjabi panjabi ਪੰਜਾਬੀ پنجابی",
    "bn": "bengali bangla sylheti বাংলা",
    "gu": "gujarati ગુજરાતી",
    "hi": "hindi हिन्दी हिंदी",
    "ta": "tamil தமிழ்",
    "so": "somali soomaali soomaaliga",
    "ar": "arabic العربية عربي",
    "fa": "farsi persian dari فارسی دری",
    "ps": "pashto pushto پښتو",
    "ku": "kurdish kurdi sorani kurmanji کوردی",
    "tr": "turkish turkce",
    "ro": "romanian romana moldovan",
    "pt": "portuguese portugues",
    "es": "spanish espanol castellano",
    "fr": "french francais",
    "de": "german deutsch",
    "it": "italian italiano",
    "lt": "lithuanian lietuviu",
    "lv": "latvian latviesu",
    "sk": "slovak slovencina",
    "cs": "czech cestina",
    "hu": "hungarian magyar",
    "bg": "bulgarian български",
    "ru": "russian русский",
    "uk": "ukrainian українська",
    "sq": "albanian shqip",
    "el": "greek ελληνικα",
    "nl": "dutch nederlands",
    "zh": "chinese mandarin cantonese 中文 普通话 粤语 广东话",
    "vi": "vietnamese",
    "th": "thai",
    "tl": "tagalog filipino",
    "yo": "yoruba",
    "ig": "igbo",
    "ha": "hausa",
    "sw": "swahili kiswahili",
    "am": "amharic አማርኛ",
    "ti": "tigrinya ትግርኛ",
    "tw": "twi akan",
    "sn": "shona",
    "ne": "nepali नेपाली",
    "si": "sinhala sinhalese",
    "ml": "malayalam",
    "te": "telugu",
    "rom": "romani romany romanes",
    "ga": "irish gaeilge",
    "gd": "gaelic",
    "bfi": "bsl sign",
}
_BY_NAME = {name: code for code, names in _NAMES.items() for name in names.split()}
_BLANKS = {"", "-", "–", "n/a", "na", "none", "?", "not known", "unknown", "no", "tbc"}
_ENGLISH = "en"


def read_language(text: str) -> Found[str]:
    """Blank is English. A language without a code here is kept in the file's own word."""
    if text.strip().casefold() in _BLANKS:
        return Found(_ENGLISH)
    codes = language_codes(text)
    if not codes:
        return problem(
            text.strip(),
            f"we do not know the language “{shown(text)}”."
            " Choose one from the list, or leave this person out for now.",
        )
    chosen = next((code for code in codes if code != _ENGLISH), _ENGLISH)
    if len(codes) > 1:
        return notice(chosen, f"more than one language is named: “{shown(text)}”.")
    return Found(chosen)


def language_name(code: str) -> str:
    """In English: `pl` is Polish. What has no code here is said as it was written."""
    return _NAMES[code].split()[0].title() if code in _NAMES else code


def language_codes(text: str) -> list[str]:
    """In the order in which the text names them."""
    words = re.findall(r"[^\W\d_]\w*(?:[\u0300-\u036f\u0900-\u0d7f]+\w*)*", _bare(text))
    named = [_BY_NAME[word] for word in words if word in _BY_NAME]
    if not named and len(words) == 1 and words[0] in _NAMES:
        named = words
    return list(dict.fromkeys(named))


def _bare(text: str) -> str:
    """Without the accents of Latin letters: those of other scripts are letters themselves."""
    parts = unicodedata.normalize("NFD", text.casefold())
    return unicodedata.normalize("NFC", re.sub(r"(?<=[a-z])[\u0300-\u036f]+", "", parts))
