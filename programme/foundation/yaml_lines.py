"""YAML that remembers its lines, so that a mistake can be told by file and line."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, TypeVar

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Word = TypeVar("Word", bound=StrEnum)
TAG = "tag:yaml.org,2002:"


class FileError(ValueError):
    """A file cannot be used; the message says which, on what line, and why."""


def read_yaml(path: Path) -> "Line":
    """The top of a YAML file.

    Raises:
        FileError: the file is missing, not readable, or empty.
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FileError(f"{path} is not readable YAML: {error}.") from error
    if node is None:
        raise FileError(f"{path} is empty.")
    return Line(path, "the file", node)


class Line:
    """One value of a file, with its place."""

    def __init__(self, path: Path, name: str, node: Node) -> None:
        self.path, self.name, self.node = path, name, node

    def wrong(self, why: str) -> FileError:
        """The error to raise about this value."""
        return FileError(f"{self.path}, line {self.node.start_mark.line + 1}: {self.name}: {why}.")

    def only(self, *names: str) -> None:
        """Refuse a name that is not known, or that stands here twice."""
        seen: set[str] = set()
        for name, line in self.pairs():
            if name not in names:
                raise line.wrong(f"is not known here; known are {', '.join(names)}")
            if name in seen:
                raise line.wrong("stands here twice")
            seen.add(name)

    def refuse_twice(self, names: Sequence[str]) -> None:
        """Refuse what is listed here more than once."""
        for name in names:
            if names.count(name) > 1:
                raise self.wrong(f"{name!r} stands here twice")

    def __contains__(self, name: str) -> bool:
        return any(name == known for known, _ in self.pairs())

    def __getitem__(self, name: str) -> "Line":
        for known, line in self.pairs():
            if known == name:
                return line
        raise self.wrong(f"{name!r} is missing")

    def pairs(self) -> Iterator[tuple[str, "Line"]]:
        if not isinstance(self.node, MappingNode):
            raise self.wrong("must be names with values")
        for key, value in self.node.value:
            yield str(key.value), Line(self.path, str(key.value), value)

    def lines(self) -> list["Line"]:
        """A list that is not empty."""
        if not isinstance(self.node, SequenceNode) or not self.node.value:
            raise self.wrong("must be a list with something in it")
        return [Line(self.path, self.name, node) for node in self.node.value]

    def text(self) -> str:
        """Words, or a number read as words."""
        if not isinstance(self.node, ScalarNode) or self._is("null") or not self.node.value.strip():
            raise self.wrong("must be words")
        return str(self.node.value).strip()

    def text_or_none(self) -> str | None:
        return None if self._is("null") else self.text()

    def whole(self) -> int:
        if self._is("int") and (self.node.value.lstrip("-")).isdigit():
            return int(self.node.value)
        raise self.wrong("must be a whole number")

    def number(self) -> float:
        if not self._is("int", "float"):
            raise self.wrong("must be a number")
        return self._as_number()

    def number_or_none(self) -> float | None:
        return None if self._is("null") else self.number()

    def yes_or_no(self) -> bool:
        if not self._is("bool"):
            raise self.wrong("must be true or false")
        return str(self.node.value).lower() in ("true", "yes", "on")

    def word(self, vocabulary: type[Word]) -> Word:
        """One word of a vocabulary."""
        try:
            return vocabulary(self.text())
        except ValueError:
            self._refuse_word(vocabulary)

    def _refuse_word(self, vocabulary: type[StrEnum]) -> NoReturn:
        known = ", ".join(word.value for word in vocabulary)
        raise self.wrong(f"{self.text()!r} is not one of {known}") from None

    def _as_number(self) -> float:
        try:
            return float(self.node.value)
        except ValueError:
            raise self.wrong("must be a plain number") from None

    def _is(self, *kinds: str) -> bool:
        return isinstance(self.node, ScalarNode) and self.node.tag in {TAG + kind for kind in kinds}
