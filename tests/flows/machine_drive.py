"""Driving machines: which rule comes next, and the shortest way found to what went wrong.

Every choice follows from a seed, so that a run is the same on every machine. Half of the steps
go to the rule that has fired least, so that how often each one fires is not a matter of luck;
the other half take any rule. Hypothesis' own machines are not used: they try the examples that
they liked again with small changes, and then a third of all steps is one rule.

Arguments are plain values and pick their objects by counting round, so any part of a script is
itself a script: a failure is made shorter by leaving steps out.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flows.machine_base import Tally
from flows.machine_rule import BEGINNINGS, RULES, Rule
from flows.machine_rules import Machine
from flows.machine_walk import Past

Script = list[tuple[str, dict[str, Any]]]
"""Names of rules and what each was given, in order."""

TRIES = 150
"""How many shorter scripts are tried when one has failed."""


def drive(
    past: Past, tally: Tally, *, examples: range, steps: int, seed: int, shorten: bool = True
) -> None:
    """Live the numbered examples of a seed; a failure tells a script that shows it again."""
    for example in examples:
        chance = random.Random(f"{seed}:{example}")
        script: Script = []
        try:
            _live(past, tally, script, chance, steps)
        except Exception as error:
            told = f"Example {example} of seed {seed} went wrong at step {len(script) - 1}:"
            if shorten:
                script = shorter(past, script, type(error))
            lines = [f"    {step!r}," for step in script]
            error.add_note("\n".join((told, "replay(past, [", *lines, "])")))
            raise


def replay(past: Past, script: Script) -> None:
    """Do the steps of a script; a rule that may not fire then is left out."""
    with _life(past, Tally()) as one:
        for name, given in script:
            rule = RULES.get(name) or BEGINNINGS[name]
            if rule.when(one):
                _fire(one, rule, given)


def shorter(past: Past, script: Script, error: type[Exception]) -> Script:
    """Leave steps out, many at first, as long as it still goes wrong in the same manner."""
    left = TRIES
    size = len(script) // 2
    while size and left:
        end = len(script) - 1  # the last step is where it went wrong
        while end > 0 and left:
            start = max(end - size, 0)
            without = script[:start] + script[end:]
            left -= 1
            if _fails(past, without, error):
                script = without
            end = start
        size //= 2
    return script


def _fails(past: Past, script: Script, error: type[Exception]) -> bool:
    try:
        replay(past, script)
    except Exception as other:  # noqa: BLE001 - whatever it is, it is compared
        return type(other) is error
    return False


def _live(past: Past, tally: Tally, script: Script, chance: random.Random, steps: int) -> None:
    with _life(past, tally) as one:
        for number in range(steps + 1):
            rule = _next(one, chance) if number else chance.choice([*BEGINNINGS.values()])
            given = {name: chance.choice(values) for name, values in rule.given.items()}
            script.append((rule.name, given))
            _fire(one, rule, given)


@contextmanager
def _life(past: Past, tally: Tally) -> Iterator[Machine]:
    one = Machine(past, tally)
    try:
        yield one
    finally:
        one.teardown()


def _next(one: Machine, chance: random.Random) -> Rule:
    able = [rule for rule in RULES.values() if rule.when(one)]
    if chance.random() < 0.5:
        return chance.choice(able)
    fewest = min(one.fired[rule.name] for rule in able)
    return chance.choice([rule for rule in able if one.fired[rule.name] == fewest])


def _fire(one: Machine, rule: Rule, given: Mapping[str, Any]) -> None:
    rule.body(one, **given)
    if rule.name in RULES:
        one.fired[rule.name] += 1
    one.all_holds()
