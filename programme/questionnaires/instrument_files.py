"""Reading instruments from their YAML files. Whatever is wrong is told by file and line."""

from functools import cache
from pathlib import Path

from programme.foundation.yaml_lines import FileError, Line, read_yaml
from programme.questionnaires.instrument import Instrument, Item, Licence, Option, Wording
from programme.questionnaires.score_files import read_scores

FOLDER = Path(__file__).parent / "instruments"


def find_instrument(name: str) -> Instrument:
    """The instrument called `who5@1`, or the newest version of `who5`.

    Raises:
        FileError: there is none, or its file cannot be used.
    """
    ident, at, version = name.partition("@")
    if at and not version.isdecimal():
        raise FileError(f"{name!r} is no version of an instrument: write it as who5@1.")
    return _instrument(ident, int(version) if at else newest_version(ident))


@cache
def _instrument(ident: str, version: int) -> Instrument:
    return read_instrument(FOLDER / ident / f"{version}.yaml")


def newest_version(ident: str) -> int:
    """The highest version there is of an instrument; 1 when there is none, for the error."""
    return max((int(path.stem) for path in (FOLDER / ident).glob("[0-9]*.yaml")), default=1)


def instrument_names() -> list[str]:
    """Every instrument that ships, by id."""
    return sorted({path.parent.name for path in FOLDER.glob("*/*.yaml")})


def read_instrument(path: Path) -> Instrument:
    """Read and check one file.

    Raises:
        FileError: it is not there, not YAML, or not a complete instrument: file, line, why.
    """
    top = read_yaml(path)
    top.only(
        *("id", "version", "title", "citation", "licence", "is_validated", "recall_period"),
        *("minutes", "note", "options", "items", "scores"),
    )
    items = _items(top)
    found = Instrument(
        id=top["id"].text(),
        version=top["version"].whole(),
        title=top["title"].text(),
        citation=top["citation"].text(),
        licence=_licence(top["licence"]),
        is_validated=top["is_validated"].yes_or_no(),
        recall_period=top["recall_period"].text(),
        minutes=top["minutes"].whole(),
        items=items,
        scores=read_scores(top["scores"], {item.id: item for item in items}),
        note=top["note"].text() if "note" in top else "",
    )
    if (found.id, str(found.version)) != (path.parent.name, path.stem):
        raise top["id"].wrong(f"{found.id} version {found.version} does not match the file's place")
    return found


def _licence(line: Line) -> Licence:
    line.only("spdx_or_text", "wording", "notice")
    return Licence(
        name=line["spdx_or_text"].text(),
        wording=line["wording"].word(Wording),
        notice=line["notice"].text(),
    )


def _items(top: Line) -> tuple[Item, ...]:
    wording = top["licence"]["wording"].word(Wording)
    common = _options(top["options"], wording) if "options" in top else ()
    items = tuple(_item(line, common, wording) for line in top["items"].lines())
    top["items"].refuse_twice([item.id for item in items])
    return items


def _item(line: Line, common: tuple[Option, ...], wording: Wording) -> Item:
    line.only("id", "text", "reverse", "options")
    options = _options(line["options"], wording) if "options" in line else common
    if not options:
        raise line.wrong("there are no options to choose from")
    return Item(
        id=line["id"].text(),
        text=_wording(line["text"], wording),
        is_reversed=line["reverse"].yes_or_no() if "reverse" in line else False,
        options=options,
    )


def _wording(line: Line, wording: Wording) -> str | None:
    """What an item asks, or None: words that are not ours to pass on never stand in a file."""
    text = line.text_or_none()
    if wording is Wording.INCLUDED and text is None:
        raise line.wrong("the wording is said to be included, but an item has no text")
    if wording is Wording.CHARITY_SUPPLIED and text is not None:
        raise line.wrong("the wording is the charity's to supply, so it must be null here")
    return text


def _options(line: Line, wording: Wording) -> tuple[Option, ...]:
    options = tuple(_option(one, wording) for one in line.lines())
    line.refuse_twice([str(option.value) for option in options])
    if len(options) < 2:
        raise line.wrong("there must be at least two options")
    return options


def _option(line: Line, wording: Wording) -> Option:
    """One answer. Where the charity supplies the wording, an option may be a bare number."""
    line.only("value", "label", "counts")
    value = line["value"].whole()
    is_bare = wording is Wording.CHARITY_SUPPLIED and "label" not in line
    return Option(
        value=value,
        label=str(value) if is_bare else line["label"].text(),
        counts=line["counts"].whole() if "counts" in line else None,
    )
