"""Identifiers: a prefix that names the kind, then 26 characters that sort by time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sanshi.kernel.errors import InputError

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME_CHARS = 10
_RANDOM_CHARS = 16
RANDOM_BYTES = 10
"""How many random bytes `make_id` takes."""

PREFIXES = {
    "ak": "API key",
    "ap": "application",
    "cl": "claim",
    "cn": "consent",
    "cs": "case",
    "ct": "contract",
    "dc": "document",
    "de": "decision",
    "lg": "login",
    "ln": "loan",
    "mg": "message",
    "nt": "notice",
    "oc": "one-time code",
    "ps": "person",
    "py": "payment",
    "qt": "quote",
    "pl": "plan",
    "rd": "redemption",
    "rn": "run",
    "sa": "staff account",
    "se": "checkout session",
    "sl": "settlement line",
    "st": "settlement",
    "vo": "voucher",
    "we": "webhook endpoint",
}


def make_id(prefix: str, instant: datetime, random: bytes) -> str:
    """Build an id such as `ln_01hf…` from an instant and `RANDOM_BYTES` random bytes."""
    milliseconds = (instant - _EPOCH) // timedelta(milliseconds=1)
    return (
        f"{prefix}_{_encode(milliseconds, _TIME_CHARS)}"
        f"{_encode(int.from_bytes(random[:RANDOM_BYTES]), _RANDOM_CHARS)}"
    )


def check_id(text: str, prefix: str, field: str) -> str:
    """Return `text` if it is an id of the named kind."""
    head, _, tail = text.partition("_")
    well_formed = len(tail) == _TIME_CHARS + _RANDOM_CHARS and set(tail) <= set(_ALPHABET)
    if head != prefix or not well_formed:
        kind = PREFIXES.get(prefix, prefix)
        raise InputError(
            "id.malformed",
            f"{text!r} is not the id of a {kind}.",
            field=field,
            fix=f"Send the id as it was given to you; it starts with {prefix}_.",
        )
    return text


def _encode(number: int, width: int) -> str:
    chars = []
    for _ in range(width):
        number, rest = divmod(number, 32)
        chars.append(_ALPHABET[rest])
    return "".join(reversed(chars))
