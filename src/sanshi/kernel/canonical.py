"""Canonical JSON: one value, one byte string, one hash.

Used for request hashes, pack hashes, traces and commitments. Keys are sorted by code point,
there is no white space, text is UTF-8 as it stands (no Unicode normalisation), whole numbers
only. A float has no single spelling that every language agrees on, so it is refused: send fen,
ppm or text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import cast

from sanshi.kernel.errors import ImpossibleError

MAX_DEPTH = 100
"""Deeper values are refused before they can exhaust the stack."""


def canonical_json(value: object) -> bytes:
    """Return the one byte string of a value of None, bool, int, str, lists and string mappings.

    Tuples count as lists. Anything else, floats above all, raises ImpossibleError naming where.
    """
    if _is_plain(value, MAX_DEPTH):
        try:
            return _write(value)
        except UnicodeEncodeError:
            pass  # half a surrogate pair: the slow way below says where
    return _write(_plain(value, "$", MAX_DEPTH))


def digest(value: object) -> str:
    """Return the hex SHA-256 of the canonical form."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


# What comes here was walked before and holds no circle.
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
)


def _write(plain: object) -> bytes:
    return _ENCODER.encode(plain).encode("utf-8")


_KEYS = frozenset({str})
_LEAVES = frozenset({str, int, bool, type(None)})


def _is_plain(value: object, depth: int) -> bool:
    """Say, without copying, whether the encoder can take a value as it stands.

    Exact types only: a subclass may print by its own rules and takes the slow way.
    """
    kind = type(value)
    if kind in _LEAVES:
        return True
    if depth == 1:
        return False
    if kind is dict:
        items = cast("dict[object, object]", value)
        if not _KEYS.issuperset(map(type, items)):
            return False
        inside: Iterable[object] = items.values()
    elif kind is list or kind is tuple:
        inside = cast("list[object]", value)
    else:
        return False
    for item in inside:  # leaves are looked at here: every page and every trace comes by
        if type(item) not in _LEAVES and not _is_plain(item, depth - 1):
            return False
    return True


def _plain(value: object, path: str, depth: int) -> object:
    if depth == 0:
        raise _refuse(path, f"lies deeper than {MAX_DEPTH} levels")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, path)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Mapping):
        return {
            _key(name, path): _plain(item, f"{path}.{name}", depth - 1)
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_plain(item, f"{path}[{i}]", depth - 1) for i, item in enumerate(value)]
    raise _refuse(path, f"is a {type(value).__name__}")


def _key(name: object, path: str) -> str:
    if not isinstance(name, str):
        raise _refuse(path, f"has the key {name!r}, which is no text")
    return _text(name, path)


def _text(value: str, path: str) -> str:
    """Return a plain str: an enum member that is also a str would print by its own rules."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _refuse(path, "holds half a surrogate pair, which UTF-8 cannot write") from error
    return str.__str__(value)


def _refuse(path: str, why: str) -> ImpossibleError:
    return ImpossibleError(
        "canonical.no_single_form",
        f"The value at {path} {why}; it has no single written form.",
        field=path,
        fix="Use None, bool, int, str, lists and mappings with text keys; no floats.",
    )
