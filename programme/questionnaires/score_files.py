"""Reading the scores of an instrument's file, and checking that they can be what they say."""

from programme.foundation.yaml_lines import Line
from programme.questionnaires.instrument import (
    Band,
    Comparator,
    Direction,
    Item,
    Method,
    Prorate,
    Reliability,
    ScoreRule,
)

Items = dict[str, Item]
Rules = dict[str, ScoreRule]


def read_scores(line: Line, items: Items) -> tuple[ScoreRule, ...]:
    """Every score of an instrument with these items; one may add up those before it."""
    rules: Rules = {}
    for one in line.lines():
        rule = _added_up(one, items, rules) if "scores" in one else _counted(one, items)
        if rule.id in rules:
            raise one["id"].wrong(f"{rule.id!r} stands here twice")
        rules[rule.id] = rule
    return tuple(rules.values())


def _counted(line: Line, items: Items) -> ScoreRule:
    """A score of items."""
    line.only(
        *("id", "label", "method", "items", "factor", "lookup", "min_answered", "prorate"),
        *("round", "range", "direction", "is_reported", "bands", "reliability"),
    )
    rule = _rule(
        line,
        method=line["method"].word(Method),
        items=tuple(one.text() for one in line["items"].lines()),
        min_answered=line["min_answered"].whole(),
        factor=line["factor"].number() if "factor" in line else 1,
        lookup=_lookup(line["lookup"]) if "lookup" in line else (),
        prorate=line["prorate"].word(Prorate) if "prorate" in line else Prorate.NONE,
        decimals=line["round"].whole() if "round" in line else None,
    )
    _check(line, rule, items)
    return rule


def _added_up(line: Line, items: Items, rules: Rules) -> ScoreRule:
    """A score of scores."""
    line.only(
        *("id", "label", "method", "scores", "range", "direction", "is_reported", "bands"),
        "reliability",
    )
    parts = [_known_score(one, rules) for one in line["scores"].lines()]
    if line["method"].word(Method) is not Method.SUM:
        raise line["method"].wrong("scores are added up by sum")
    rule = _rule(
        line,
        method=Method.SUM,
        items=tuple(name for part in parts for name in part.items),
        min_answered=sum(part.min_answered for part in parts),
        parts=tuple(part.id for part in parts),
    )
    line["scores"].refuse_twice(rule.parts)
    _check_range(line, rule, (sum(part.low for part in parts), sum(part.high for part in parts)))
    return rule


def _known_score(line: Line, rules: Rules) -> ScoreRule:
    if line.text() not in rules:
        raise line.wrong(f"there is no score called {line.text()!r} above")
    return rules[line.text()]


def _rule(line: Line, **worked_out: object) -> ScoreRule:
    """What every score says, with how it is worked out."""
    low, high = _range(line["range"])
    return ScoreRule(
        id=line["id"].text(),
        label=line["label"].text(),
        low=low,
        high=high,
        direction=line["direction"].word(Direction),
        is_reported=line["is_reported"].yes_or_no() if "is_reported" in line else False,
        bands=_bands(line["bands"], low, high) if "bands" in line else (),
        reliability=_reliability(line["reliability"]) if "reliability" in line else Reliability(),
        **worked_out,  # type: ignore[arg-type]
    )


def _range(line: Line) -> tuple[float, float]:
    ends = [one.number() for one in line.lines()]
    if len(ends) != 2 or ends[0] >= ends[1]:
        raise line.wrong("a range is two numbers, the lower first")
    return ends[0], ends[1]


def _lookup(line: Line) -> tuple[tuple[int, float], ...]:
    pairs = list(line.pairs())
    for raw, value in pairs:
        if not raw.isdigit():
            raise value.wrong("only a whole sum can be looked up")
    line.refuse_twice([raw for raw, _ in pairs])
    return tuple((int(raw), value.number()) for raw, value in pairs)


def _bands(line: Line, low: float, high: float) -> tuple[Band, ...]:
    bands = []
    for one in line.lines():
        one.only("from", "label")
        bands.append(Band(one["from"].number(), one["label"].text()))
    starts = [band.start for band in bands]
    if starts != sorted(set(starts)):
        raise line.wrong("bands must follow each other, the lowest first")
    if starts[0] != low or starts[-1] > high:
        raise line.wrong(f"bands must begin at {low:g} and stay within the range")
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
    figures = (found.sem, found.r, found.sd, found.mdc, found.mid)
    if found.source is None and any(figure is not None for figure in figures):
        raise line.wrong("a figure about reliability needs its source")
    if any(figure is not None and figure <= 0 for figure in figures) or (found.r or 0) > 1:
        raise line.wrong("a figure about reliability is above 0, and r is not above 1")
    return found


def _check(line: Line, rule: ScoreRule, items: Items) -> None:
    """Whether the rule makes sense for the items, and its range is the one it can reach."""
    line["items"].refuse_twice(rule.items)
    if unknown := [name for name in rule.items if name not in items]:
        raise line["items"].wrong(f"there is no item called {unknown[0]!r}")
    if not 1 <= rule.min_answered <= len(rule.items):
        raise line["min_answered"].wrong(f"must be between 1 and {len(rule.items)}")
    allows_gaps = rule.min_answered < len(rule.items)
    if allows_gaps and rule.method is not Method.MEAN and rule.prorate is Prorate.NONE:
        raise line["min_answered"].wrong(
            "items left out would count as nothing: say how to prorate"
        )
    _check_range(line, rule, _reach(line, rule, [items[name] for name in rule.items]))


def _check_range(line: Line, rule: ScoreRule, reach: tuple[float, float]) -> None:
    if (rule.low, rule.high) != reach:
        raise line["range"].wrong(f"these items reach {reach}")


def _reach(line: Line, rule: ScoreRule, items: list[Item]) -> tuple[float, float]:
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
