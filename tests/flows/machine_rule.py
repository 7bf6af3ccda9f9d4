"""What a rule is: something that may happen, when it may, and with what it is tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PICK = range(1000)
"""Which of those that there are: counted round, so that every number means one of them."""
EITHER = (False, True)
SELDOM = (False,) * 9 + (True,)

Given = Mapping[str, Any]
Body = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the machine.

    Args:
        when: says of a machine whether the rule may fire now.
        given: what each argument of `body` is drawn from.
    """

    name: str
    body: Body
    when: Callable[[Any], bool]
    given: Mapping[str, Sequence[Any]]


RULES: dict[str, Rule] = {}
"""Every rule by its name: whoever writes another adds it by decorating a method."""
BEGINNINGS: dict[str, Rule] = {}
"""What a machine may begin with; one of them comes before the first step."""


def always(_machine: object) -> bool:
    return True


def step(when: Callable[[Any], bool] = always, /, **given: Sequence[Any]) -> Callable[[Body], Body]:
    """Make a rule of a method; what each argument is drawn from goes by the argument's name."""
    return _kept_in(RULES, when, given)


def beginning(**given: Sequence[Any]) -> Callable[[Body], Body]:
    """Make a beginning of a method."""
    return _kept_in(BEGINNINGS, always, given)


def some(kind: str, *stages: str) -> Callable[[Any], bool]:
    """Say that there must be an object of a kind in one of the stages."""
    return lambda machine: bool(machine.now.in_stage(kind, *stages))


def _kept_in(
    rules: dict[str, Rule], when: Callable[[Any], bool], given: Mapping[str, Sequence[Any]]
) -> Callable[[Body], Body]:
    def keep(body: Body) -> Body:
        rules[body.__name__] = Rule(body.__name__, body, when, given)
        return body

    return keep
