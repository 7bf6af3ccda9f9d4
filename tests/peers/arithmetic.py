"""Works out the arithmetic lines of stories with Decimal. Imports nothing from the package.

A line is a list of steps separated by `;`. A step is `expression = result`; one that begins with
an operator goes on from the last result. `cap X` and `at least X` bound the last result, `floor
to the fen = X` and `up to the fen = X` round it; otherwise results are rounded half up to as many
decimals as are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, getcontext

getcontext().prec = 60

_TOKEN = re.compile(r"\s*(\d[\d,]*(?:\.\d+)?|[-+*/^()%])")
_SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-"})
_OPERATORS = "+-*/^"
_FEN = Decimal("0.01")
_ROUNDINGS = {"floor to the fen": ROUND_FLOOR, "up to the fen": ROUND_CEILING}


class WrongError(AssertionError):
    """The arithmetic does not hold."""


def work_out(line: str) -> Decimal:
    """Check every step of a line and return the last result."""
    last: Decimal | None = None
    for step in line.translate(_SIGNS).split(";"):
        last = _step(step.strip(), last)
    if last is None:
        raise WrongError(f"nothing to work out in {line!r}")
    return last


def _step(step: str, last: Decimal | None) -> Decimal:
    bound = re.fullmatch(r"(cap|at least) ([\d,.]+)", step)
    if bound and last is not None:
        choose = min if bound[1] == "cap" else max
        return choose(last, _number(bound[2]))
    left, equals, right = step.rpartition("=")
    if not equals:
        raise WrongError(f"{step!r} has no result")
    written = _number(right)
    rounding = _ROUNDINGS.get(left.strip())
    if rounding is not None and last is not None:
        result = last.quantize(_FEN, rounding)
    else:
        text = f"{last} {left}" if last is not None and left.strip()[:1] in _OPERATORS else left
        result = _value(text).quantize(_unit(right), ROUND_HALF_UP)
    if result != written:
        raise WrongError(f"{step!r}: {result}, not {written}")
    return written


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace(" ", ""))


def _unit(text: str) -> Decimal:
    decimals = len(text.strip().partition(".")[2])
    return Decimal(1).scaleb(-decimals)


def _value(text: str) -> Decimal:
    tokens = list(_tokens(text))
    value = _sum(tokens)
    if tokens:
        raise WrongError(f"{text!r} goes on after its end: {tokens}")
    return value


def _tokens(text: str) -> Iterator[str]:
    at = 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise WrongError(f"{text[at:]!r} is no arithmetic")
        yield match[1]
        at = match.end()


def _sum(tokens: list[str]) -> Decimal:
    value = _product(tokens)
    while tokens and tokens[0] in "+-":
        value = value + _product(tokens) if tokens.pop(0) == "+" else value - _product(tokens)
    return value


def _product(tokens: list[str]) -> Decimal:
    value = _power(tokens)
    while tokens and tokens[0] in "*/":
        value = value * _power(tokens) if tokens.pop(0) == "*" else value / _power(tokens)
    return value


def _power(tokens: list[str]) -> Decimal:
    value = _atom(tokens)
    if tokens and tokens[0] == "^":
        tokens.pop(0)
        value = value ** _atom(tokens)
    if tokens and tokens[0] == "%":
        tokens.pop(0)
        value /= 100
    return value


def _atom(tokens: list[str]) -> Decimal:
    if not tokens:
        raise WrongError("a number is missing")
    part = tokens.pop(0)
    if part == "(":
        value = _sum(tokens)
        if not tokens or tokens.pop(0) != ")":
            raise WrongError("a bracket is not closed")
        return value
    if part == "-":
        return -_atom(tokens)
    return _number(part)
