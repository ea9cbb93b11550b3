"""A week's handout as written: Markdown with front matter and a few blocks, to safe HTML."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nh3
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from programme.cohorts.programmes import HANDOUTS

BLOCKS = ("try", "words", "story", "write", "together", "cards")
MOST_LINES = 20
FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "blockquote", "hr", "br", "img", "a"} | {
    "div",
    "section",
}
ATTRIBUTES = {"img": {"src", "alt"}, "a": {"href"}, "div": {"class"}, "section": {"class"}}


class ContentError(ValueError):
    """A week cannot be used; the message names the file, the line and what to do."""


@dataclass(frozen=True)
class Week:
    """One week in one language. `html` is safe; its pictures are named relative to `folder`."""

    number: int
    language: str
    title: str
    aim: str
    version: int
    read_minutes: int
    is_sensitive: bool
    html: str
    text: str
    folder: Path


def week_languages(programme: str, number: int) -> list[str]:
    """The languages in which a week is written, English first."""
    found = sorted(path.stem for path in _folder(programme, number).glob("??.md"))
    return sorted(found, key=lambda language: language != "en")


def read_week(programme: str, number: int, language: str) -> Week:
    """A week in a language, or in English where it is not written in that one.

    Raises:
        ContentError: the file is missing or not as it should be.
    """
    path = _folder(programme, number) / f"{language}.md"
    if not path.exists() and language != "en":
        return read_week(programme, number, "en")
    try:
        source = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ContentError(f"{path} cannot be read. Is week {number} written?") from error
    return _week(path, number, source)


@cache
def _week(path: Path, number: int, source: str) -> Week:
    """The source is part of the key, so a changed file is read anew."""
    matter, body, first_line = _split(path, source)
    check_blocks(path, body, first_line)
    return Week(
        number=number,
        language=path.stem,
        title=_wanted(path, matter, "title", str),
        aim=_wanted(path, matter, "aim", str),
        version=_wanted(path, matter, "version", int),
        read_minutes=_wanted(path, matter, "read_minutes", int),
        is_sensitive=_wanted(path, matter, "sensitive", bool),
        html=to_html(body),
        text=body,
        folder=path.parent,
    )


def to_html(body: str) -> str:
    """Markdown with our blocks as HTML that holds nothing but the tags we know."""
    rendered = _markdown().render(body)
    return nh3.clean(
        rendered, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"https", "tel"}, link_rel=None
    )


def check_blocks(path: Path, body: str, first_line: int) -> None:
    """Every block is one we know, and is closed.

    Raises:
        ContentError: with the line.
    """
    opened = 0
    for number, line in enumerate(body.splitlines(), start=first_line):
        if not line.startswith(":::"):
            continue
        name = line.removeprefix(":::").split()[:1]
        if name and opened:
            raise ContentError(f"{path}, line {opened}: this block is not closed by `:::`.")
        if name and name[0] not in BLOCKS:
            raise ContentError(
                f"{path}, line {number}: there is no block called {name[0]!r}. "
                f"Use one of {', '.join(BLOCKS)}."
            )
        opened = number if name else 0
    if opened:
        raise ContentError(f"{path}, line {opened}: this block is not closed by `:::`.")


def _folder(programme: str, number: int) -> Path:
    return HANDOUTS / programme / f"week-{number:02}"


def _split(path: Path, source: str) -> tuple[dict[str, Any], str, int]:
    found = FRONT_MATTER.match(source)
    if not found:
        raise ContentError(f"{path}, line 1: begin with title, aim and version between `---`.")
    try:
        matter = yaml.safe_load(found[1])
    except yaml.YAMLError as error:
        raise ContentError(f"{path}: the lines between `---` are not YAML: {error}") from error
    return matter, source[found.end() :], found[0].count("\n") + 1


def _wanted(path: Path, matter: dict[str, Any], name: str, kind: type) -> Any:
    value = matter.get(name)
    if not isinstance(value, kind):
        raise ContentError(f"{path}, line 1: `{name}` is missing or of the wrong kind.")
    return value


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False})
    for name in BLOCKS:
        markdown.use(container_plugin, name=name, render=_renderer(name))
    return markdown


def _renderer(name: str) -> Callable[..., str]:
    """Opens and closes one kind of block; a space to write ends with its ruled lines."""

    def render(_self: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
        if tokens[index].nesting == 1:
            return f'<section class="{name}">\n'
        return f"{_ruled_lines(tokens, index)}</section>\n" if name == "write" else "</section>\n"

    return render


def _ruled_lines(tokens: Sequence[Token], closing: int) -> str:
    """As many lines as the block that ends here asks for: `::: write 5`."""
    opening = next(
        token
        for token in reversed(tokens[:closing])
        if token.type == "container_write_open" and token.level == tokens[closing].level
    )
    asked = opening.info.split()[1:]
    count = min(int(asked[0]), MOST_LINES) if asked and asked[0].isdigit() else 4
    return '<div class="line"></div>' * count
