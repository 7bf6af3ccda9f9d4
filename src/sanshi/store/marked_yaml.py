"""YAML with line marks: plain values, exact decimals, and the line of every path.

A file is untrusted: no tags, no aliases, no duplicate keys, bounded size and depth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from sanshi.kernel.errors import PackError

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_OPEN = 200
"""More brackets left open than this cost the parser seconds before it notices."""

Place = tuple[str | int, ...]
"""A path into a document: ("facts", 3, "unit")."""


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed file: plain values, and the line of every path in it."""

    file: str
    content: object
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of a path, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_document(path: Path, name: str = "") -> Document:
    """Parse one YAML file; raise PackError with the line when it is not what a pack may hold."""
    name = name or str(path)
    try:
        text = path.read_bytes()[: MAX_BYTES + 1].decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(
            "pack.unreadable", f"{error}", file=name, line=1, fix="Save the file as UTF-8 text."
        ) from error
    if len(text) > MAX_BYTES:
        raise PackError(
            "pack.too_large", "The file is larger than 1 MB.", file=name, line=1, fix="Split it."
        )
    return _parse(text, name)


def _parse(text: str, name: str) -> Document:
    if text.count("[") + text.count("{") - text.count("]") - text.count("}") > MAX_OPEN:
        raise _not_yaml("brackets are opened and not closed", name, 1)
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark is not None else 1
        raise _not_yaml(str(error.problem or error.context), name, line) from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _not_yaml(str(error.reason), name, line) from error
    except (RecursionError, ValueError) as error:
        raise _not_yaml("it is nested too deeply or malformed", name, 1) from error
    lines: dict[Place, int] = {}
    content = None if root is None else _Values(name, lines).of(root, ())
    return Document(name, content, lines)


def _not_yaml(problem: str, name: str, line: int) -> PackError:
    return PackError(
        "pack.not_yaml",
        f"Not YAML: {problem}.",
        file=name,
        line=line,
        fix="Check indentation, quotes and colons on this line and the one above.",
    )


@dataclass(slots=True)
class _Values:
    """Turns YAML nodes into plain values: exact decimals, dates, tuples, no duplicate keys.

    Aliases are refused: a few lines of them could stand for more values than fit in memory.
    """

    file: str
    lines: dict[Place, int]
    seen: set[int] = field(default_factory=set)

    def of(self, node: Node, place: Place) -> object:
        self.lines.setdefault(place, node.start_mark.line + 1)
        if id(node) in self.seen:
            raise self._error("pack.alias", "Aliases are not read.", node, place, "Write it out.")
        self.seen.add(id(node))
        if len(place) > MAX_DEPTH:
            raise self._error("pack.too_deep", "Nested too deeply.", node, place, "Flatten it.")
        if isinstance(node, MappingNode):
            return self._mapping(node, place)
        if isinstance(node, SequenceNode):
            return tuple(self.of(item, (*place, i)) for i, item in enumerate(node.value))
        return self._scalar(cast("ScalarNode", node), place)

    def _mapping(self, node: MappingNode, place: Place) -> dict[str, object]:
        found: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            self.lines[(*place, key)] = key_node.start_mark.line + 1
            if key in found:
                raise self._error(
                    "pack.duplicate_key",
                    f"{key!r} stands twice in the same place.",
                    key_node,
                    (*place, key),
                    "Keep one of the two.",
                )
            found[key] = self.of(value_node, (*place, key))
        return found

    def _scalar(self, node: ScalarNode, place: Place) -> object:
        text = str(node.value)
        match str(node.tag).rpartition(":")[2]:
            case "null":
                return None
            case "bool" if text.lower() in {"true", "false"}:
                return text.lower() == "true"
            case "int" | "float":
                return self._number(text, node, place)
            case "timestamp":
                return self._date(text, node, place)
            case "str":
                return text
            case other:
                raise self._error(
                    "pack.tag", f"Tag {other!r} is not allowed.", node, place, "Remove the tag."
                )

    def _number(self, text: str, node: Node, place: Place) -> int | Decimal:
        try:
            number = Decimal(text.replace("_", ""))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise self._error(
                "pack.number", f"{text!r} is no plain number.", node, place, "Write digits."
            )
        return number if "." in text or "e" in text.lower() else int(number)

    def _date(self, text: str, node: Node, place: Place) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self._error(
                "pack.date", f"{text!r} is no date.", node, place, "Write YYYY-MM-DD."
            ) from None

    def _error(self, code: str, message: str, node: Node, place: Place, fix: str) -> PackError:
        return PackError(
            code,
            message,
            file=self.file,
            line=node.start_mark.line + 1,
            field=dotted(place),
            fix=fix,
        )


def dotted(place: Place) -> str:
    """Write a path as `facts[3].versions[0].unit`."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
