"""Strict reading of a JSON document that came from outside: each error names its field."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sanshi.kernel.canonical import canonical_json
from sanshi.kernel.errors import ImpossibleError, InputError

MAX_COUNT = 2**62
MAX_PROOF = 64
"""A proof in a log of 2^62 leaves has at most 62 hashes."""

_HEX = re.compile(r"(?:[0-9a-f]{2})*")


class Fields:
    """The fields of one JSON object, each taken once; `done` refuses what is left over."""

    def __init__(self, value: object, name: str) -> None:
        """Hold an object, or raise InputError if it is none."""
        if not isinstance(value, Mapping):
            raise _wrong(name, "is no JSON object", "Pass the document as it was issued.")
        self._name = name
        self._left: dict[object, object] = dict(value)

    def raw(self, field: str) -> object:
        """Take a field as it stands."""
        if field not in self._left:
            raise _wrong(self._at(field), "is missing", "Pass the document as it was issued.")
        return self._left.pop(field)

    def exactly(self, field: str, expected: str) -> None:
        """Take a field that must have one value."""
        if self.raw(field) != expected:
            raise _wrong(self._at(field), "is unknown", f"This program reads {expected}.")

    def text(self, field: str) -> str:
        """Take a text."""
        value = self.raw(field)
        if not isinstance(value, str):
            raise _wrong(self._at(field), "is no text", "Pass the document as it was issued.")
        return value

    def content(self, field: str) -> object:
        """Take any value that has a canonical form."""
        value = self.raw(field)
        try:
            canonical_json(value)
        except ImpossibleError as error:
            raise _wrong(
                self._at(field), f"has no canonical form: {error.message}", error.fix
            ) from error
        return value

    def count(self, field: str) -> int:
        """Take a whole number of zero or more."""
        value = self.raw(field)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_COUNT:
            raise _wrong(self._at(field), "is no count", "Write a whole number, zero or more.")
        return value

    def hexes(self, field: str, length: int | None = None) -> bytes:
        """Take bytes written as lower-case hex, of a set length if one is given."""
        return _bytes(self.raw(field), self._at(field), length)

    def hex_list(self, field: str, length: int) -> tuple[bytes, ...]:
        """Take a list of byte strings of one length."""
        values = self.raw(field)
        if not isinstance(values, list | tuple) or len(values) > MAX_PROOF:
            raise _wrong(
                self._at(field), "is no short list", f"Pass at most {MAX_PROOF} hex texts."
            )
        return tuple(
            _bytes(value, f"{self._at(field)}[{i}]", length) for i, value in enumerate(values)
        )

    def done(self) -> None:
        """Refuse fields nobody asked for: an unread field could mislead a human reader."""
        if self._left:
            extra = ", ".join(sorted(map(str, self._left)))
            raise _wrong(self._name, f"has unknown fields: {extra}", "Remove them.")

    def _at(self, field: str) -> str:
        return f"{self._name}.{field}"


def _bytes(value: object, name: str, length: int | None) -> bytes:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise _wrong(name, "is no lower-case hex", "Write two of 0-9a-f for each byte.")
    read = bytes.fromhex(value)
    if length is not None and len(read) != length:
        raise _wrong(name, f"has {len(read)} bytes", f"Write {length} bytes.")
    return read


def _wrong(field: str, what: str, fix: str) -> InputError:
    return InputError("evidence.malformed", f"{field} {what}.", field=field, fix=fix)
