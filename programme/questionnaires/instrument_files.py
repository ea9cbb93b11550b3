"""Reading instruments from their YAML files. Whatever is wrong is told by file and line."""

from functools import cache
from pathlib import Path

from programme.questionnaires.instrument import (
    Band,
    Comparator,
    Direction,
    Instrument,
    Item,
    Licence,
    Method,
    Option,
    Prorate,
    Reliability,
    ScoreRule,
    Wording,
)
from programme.questionnaires.yaml_lines import Line, read_yaml

FOLDER = Path(__file__).parent / "instruments"


def find_instrument(name: str) -> Instrument:
    """The instrument called `who5@1`, or the newest version of `who5`.

    Raises:
        FileError: there is none, or its file cannot be used.
    """
    ident, _, version = name.partition("@")
    return _instrument(ident, int(version) if version.isdigit() else newest_version(ident))


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
        *("minutes", "options", "items", "scores"),
    )
    found = Instrument(
        id=top["id"].text(),
        version=top["version"].whole(),
        title=top["title"].text(),
        citation=top["citation"].text(),
        licence=_licence(top["licence"]),
        is_validated=top["is_validated"].yes_or_no(),
        recall_period=top["recall_period"].text(),
        minutes=top["minutes"].whole(),
        items=_items(top),
        scores=(),
    )
    if (found.id, str(found.version)) != (path.parent.name, path.stem):
        raise top["id"].wrong(f"{found.id} version {found.version} does not match the file's place")
    return _with_scores(found, top["scores"])


def _licence(line: Line) -> Licence:
    line.only("spdx_or_text", "wording", "notice")
    return Licence(
        name=line["spdx_or_text"].text(),
        wording=line["wording"].word(Wording),
        notice=line["notice"].text(),
    )


def _items(top: Line) -> tuple[Item, ...]:
    common = _options(top["options"]) if "options" in top else ()
    items = tuple(_item(line, common) for line in top["items"].lines())
    _refuse_twice(top["items"], [item.id for item in items])
    wording = top["licence"]["wording"].word(Wording)
    if wording is Wording.INCLUDED and not all(item.text for item in items):
        raise top["items"].wrong("the wording is said to be included, but an item has no text")
    return items


def _item(line: Line, common: tuple[Option, ...]) -> Item:
    line.only("id", "text", "reverse", "options")
    options = _options(line["options"]) if "options" in line else common
    if not options:
        raise line.wrong("there are no options to choose from")
    return Item(
        id=line["id"].text(),
        text=line["text"].text_or_none(),
        is_reversed=line["reverse"].yes_or_no() if "reverse" in line else False,
        options=options,
    )


def _options(line: Line) -> tuple[Option, ...]:
    options = []
    for one in line.lines():
        one.only("value", "label")
        options.append(Option(one["value"].whole(), one["label"].text()))
    _refuse_twice(line, [str(option.value) for option in options])
    if len(options) < 2:
        raise line.wrong("there must be at least two options")
    return tuple(options)


def _with_scores(found: Instrument, line: Line) -> Instrument:
    rules = tuple(_score(one, found) for one in line.lines())
    _refuse_twice(line, [rule.id for rule in rules])
    return Instrument(**(vars(found) | {"scores": rules}))


def _score(line: Line, found: Instrument) -> ScoreRule:
    line.only(
        *("id", "label", "method", "items", "factor", "lookup", "min_answered", "prorate"),
        *("round", "range", "direction", "is_reported", "bands", "reliability"),
    )
    low, high = _range(line["range"])
    rule = ScoreRule(
        id=line["id"].text(),
        label=line["label"].text(),
        method=line["method"].word(Method),
        items=tuple(one.text() for one in line["items"].lines()),
        min_answered=line["min_answered"].whole(),
        low=low,
        high=high,
        direction=line["direction"].word(Direction),
        is_reported=line["is_reported"].yes_or_no() if "is_reported" in line else False,
        factor=line["factor"].number() if "factor" in line else 1,
        lookup=_lookup(line["lookup"]) if "lookup" in line else (),
        prorate=line["prorate"].word(Prorate) if "prorate" in line else Prorate.NONE,
        decimals=line["round"].whole() if "round" in line else None,
        bands=_bands(line["bands"]) if "bands" in line else (),
        reliability=_reliability(line["reliability"]) if "reliability" in line else Reliability(),
    )
    _check_rule(line, rule, found)
    return rule


def _range(line: Line) -> tuple[float, float]:
    ends = [one.number() for one in line.lines()]
    if len(ends) != 2 or ends[0] >= ends[1]:
        raise line.wrong("a range is two numbers, the lower first")
    return ends[0], ends[1]


def _lookup(line: Line) -> tuple[tuple[int, float], ...]:
    return tuple((int(raw), value.number()) for raw, value in line.pairs() if raw.isdigit())


def _bands(line: Line) -> tuple[Band, ...]:
    bands = []
    for one in line.lines():
        one.only("from", "label")
        bands.append(Band(one["from"].number(), one["label"].text()))
    if [band.start for band in bands] != sorted({band.start for band in bands}):
        raise line.wrong("bands must follow each other, the lowest first")
    return tuple(bands)


def _reliability(line: Line) -> Reliability:
    line.only("sem", "r", "sd", "mdc", "mid", "comparator", "source")
    found = Reliability(
        sem=line["sem"].number_or_none(),
        r=line["r"].number_or_none(),
        sd=line["sd"].number_or_none(),
        mdc=line["mdc"].number_or_none(),
        mid=line["mid"].number_or_none(),
        comparator=line["comparator"].word(Comparator),
        source=line["source"].text_or_none(),
    )
    if found.source is None and any((found.sem, found.r, found.sd, found.mdc, found.mid)):
        raise line.wrong("a figure about reliability needs its source")
    return found


def _check_rule(line: Line, rule: ScoreRule, found: Instrument) -> None:
    """Whether the rule makes sense for the items, and its range is the one it can reach."""
    known = {item.id for item in found.items}
    _refuse_twice(line["items"], list(rule.items))
    if unknown := [name for name in rule.items if name not in known]:
        raise line["items"].wrong(f"there is no item called {unknown[0]!r}")
    if not 1 <= rule.min_answered <= len(rule.items):
        raise line["min_answered"].wrong(f"must be between 1 and {len(rule.items)}")
    allows_gaps = rule.min_answered < len(rule.items)
    if allows_gaps and rule.method is not Method.MEAN and rule.prorate is Prorate.NONE:
        raise line["min_answered"].wrong(
            "items left out would count as nothing: say how to prorate"
        )
    if (rule.low, rule.high) != _reach(line, rule, found):
        raise line["range"].wrong(f"these items reach {_reach(line, rule, found)}")


def _reach(line: Line, rule: ScoreRule, found: Instrument) -> tuple[float, float]:
    items = [found.item(name) for name in rule.items]
    low, high = sum(item.lowest for item in items), sum(item.highest for item in items)
    if rule.method is Method.MEAN:
        return low / len(items), high / len(items)
    if rule.method is Method.LOOKUP:
        return _reach_of_table(line, rule, range(low, high + 1))
    return low * rule.factor, high * rule.factor


def _reach_of_table(line: Line, rule: ScoreRule, sums: range) -> tuple[float, float]:
    table = dict(rule.lookup)
    if missing := [total for total in sums if total not in table]:
        raise line.wrong(f"the table says nothing for a sum of {missing[0]}")
    return min(table.values()), max(table.values())


def _refuse_twice(line: Line, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise line.wrong(f"{name!r} stands here twice")
