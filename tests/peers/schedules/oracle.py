"""A slow oracle for repayment schedules, written from docs/schedules.md alone.

It imports nothing from the code under test. A loan is walked line by line and each line stretch
by stretch. The level payment is not a formula: what is left after the last line is linear in the
level, so two walks without rounding give it. The smooth level is searched for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from peers.schedules.oracle_numbers import CONTEXT, exactly, floor_fen, near_tie, whole
from peers.schedules.oracle_terms import Case, Group, Piece, read

ZERO = Fraction(0)
N = TypeVar("N", Decimal, Fraction)


@dataclass(slots=True)
class State:
    """What is owed as a period begins.

    `lent` is all that was drawn, less the down payment. `carried` is interest that earlier lines
    did not collect, and `parts` what others pay of it.
    """

    balance: int
    lent: int
    carried: Fraction = ZERO
    parts: dict[str, Fraction] = field(default_factory=dict)


@dataclass(slots=True)
class Line:
    principal: int
    interest: int
    payers: dict[str, int]


def schedule(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the lines of a document as `sanshi schedule --json` prints them."""
    with CONTEXT():
        case = read(document)
        return [*_down_payment(case), *_lines(case)]


def level_unrounded(document: Mapping[str, Any]) -> Fraction:
    """Return the first level payment as an exact fraction, not yet rounded."""
    with CONTEXT():
        case = read(document)
        opening = case.drawn_on(case.begin) - case.down_payment
        index = next(k for k, group in enumerate(case.of_line) if group.pays == "level")
        return Walk(case, index).level_fraction(State(opening, opening))


def _down_payment(case: Case) -> list[dict[str, Any]]:
    if not case.down_payment:
        return []
    lent = case.drawn_on(case.begin) - case.down_payment
    return [_printed(0, case.begin, Line(case.down_payment, 0, {}), 0, lent)]


def _lines(case: Case) -> list[dict[str, Any]]:
    opening = case.drawn_on(case.begin) - case.down_payment
    state = State(opening, opening)
    walk = Walk(case, 0)
    printed = []
    for index, due in enumerate(case.dues):
        if case.recast_at(index):
            walk = Walk(case, index)
            walk.set_level(state)
        line = walk.step(index, state)
        if due > case.begin:
            drawn = case.drawn_on(due)
            state.balance += drawn
            state.lent += drawn
        printed.append(_printed(index + 1, due, line, case.fee, state.balance))
    return printed


def _printed(no: int, due: dt.date, line: Line, fee: int, balance: int) -> dict[str, Any]:
    return {
        "no": no,
        "due": due.isoformat(),
        "principal_fen": line.principal,
        "interest_fen": line.interest,
        "fee_fen": fee,
        "payment_fen": line.principal + line.interest + fee - sum(line.payers.values()),
        "balance_fen": balance,
        "payers": {name: part for name, part in line.payers.items() if part},
    }


class Walk:
    """Lines from `first` on as they are foreseen when line `first` is due.

    Draws and rates of that line's period are known, later ones are not; windows always are.
    """

    def __init__(self, case: Case, first: int) -> None:
        self.case, self.first = case, first
        self.level = 0
        self.odd_units = 0
        self._pieces: dict[int, list[Piece]] = {}

    def pieces(self, index: int) -> list[Piece]:
        if index not in self._pieces:
            self._pieces[index] = self.case.pieces(index, self.case.known(self.first))
        return self._pieces[index]

    def set_level(self, state: State) -> None:
        """Work the level of the first line's group out for the rest of the group."""
        group = self.case.of_line[self.first]
        unit = self.case.unit
        if group.pays == "level":
            exact = self.level_fraction(state)
            self.level = unit * whole(exact / unit, self.case.payment_rounding)
            if self.case.remainder == "smooth":
                self.level = self.smooth_level(state, group)
        elif group.pays == "level_principal":
            owed = state.balance + sum(piece.drawn for piece in self.pieces(self.first))
            count = group.end - self.first
            spread = owed - group.target
            self.level = unit * whole(Fraction(spread, count * unit), self.case.payment_rounding)
            if self.case.remainder == "smooth":
                units, self.odd_units = divmod(max(spread, 0) // unit, count)
                self.level = unit * units

    def level_fraction(self, state: State) -> Fraction:
        """Find the level that leaves the target after the group's last line, unrounded."""
        guess = self._level(state, exactly)
        if near_tie(guess / self.case.unit):
            return self._level(state, lambda value: value)
        return Fraction(guess)

    def _level(self, state: State, number: Callable[[Fraction], N]) -> N:
        """Try nothing and one: what is left is linear in the level.

        A line whose interest is above the level pays its interest. Which lines these are is found
        by trying: the lower the level, the more.
        """
        target = number(Fraction(self.case.of_line[self.first].target))
        above: frozenset[int] = frozenset()
        while True:
            at_zero, _ = self.left(state, number(ZERO), above, number)
            at_one, _ = self.left(state, number(Fraction(1)), above, number)
            level = (at_zero - target) / (at_zero - at_one)
            _, found = self.left(state, level, above, number)
            if found <= above:
                return level
            above |= found

    def left(
        self, state: State, level: N, above: frozenset[int], number: Callable[[Fraction], N]
    ) -> tuple[N, frozenset[int]]:
        """Return what is left after the group's last line, and whose interest is above `level`.

        Lines `above` pay their interest, the others `level`. The last line pays what it must.
        """
        balance, carried = number(Fraction(state.balance)), number(state.carried)
        end, found = self.case.of_line[self.first].end, set()
        for index in range(self.first, end):
            for piece in self.pieces(index):
                balance += number(Fraction(piece.drawn))
                carried += balance * number(piece.bears(piece.rate_ppm))
            if self.case.deferred(index):
                balance -= level
                continue
            if carried > level and index < end - 1:
                found.add(index)
            if index not in above:
                balance += carried - level
            carried = number(ZERO)
        return balance, frozenset(found)

    def smooth_level(self, state: State, group: Group) -> int:
        """Find the level whose last payment differs least from it.

        Of equally good ones the rounded level is taken, else the lower. A higher level leaves
        less for the last line, so the difference falls with the level.
        """
        unit = self.case.unit

        def difference(level: int) -> int:
            return self.last_payment(state, level, group) - level

        low, reach = max(self.level, 0), unit
        while low > 0 and difference(low) < 0:
            low, reach = max(low - reach, 0), reach * 2
        high, reach = low + unit, unit
        while difference(high) >= 0:
            low, high, reach = high, high + reach, reach * 2
        while high - low > unit:
            middle = low + (high - low) // unit // 2 * unit
            low, high = (middle, high) if difference(middle) >= 0 else (low, middle)
        levels = (low, high)
        return min(levels, key=lambda level: (abs(difference(level)), level != self.level, level))

    def last_payment(self, state: State, level: int, group: Group) -> int:
        """Return the group's last payment, less a balloon, if its others are `level`."""
        trial = Walk(self.case, self.first)
        trial._pieces = self._pieces
        trial.level = level
        now = State(state.balance, state.lent, state.carried)
        for index in range(self.first, group.end):
            line = trial.step(index, now)
        balloon = group.target if group.end == len(self.case.dues) else 0
        return line.principal + line.interest - balloon

    def step(self, index: int, state: State) -> Line:
        """Let one line fall due."""
        case, group = self.case, self.case.of_line[index]
        clears = index == len(case.dues) - 1
        self._accrue(index, state)
        waits = not clears and (case.deferred(index) or group.pays == "nothing")
        interest, payers = (0, {}) if waits else self._collect(state)
        owed = state.balance
        principal = owed if clears else self._principal(index, owed, interest)
        principal = min(max(principal, 0), owed)
        state.balance -= principal
        return Line(principal, interest, payers)

    def _accrue(self, index: int, state: State) -> None:
        """Add the interest of the period, and what is drawn within it."""
        stretches: list[tuple[int, Fraction]] = []
        for piece in self.pieces(index):
            state.balance += piece.drawn
            state.lent += piece.drawn
            base = state.lent if self.case.method == "flat" else state.balance
            interest = base * piece.bears(piece.rate_ppm)
            for name, part_ppm in piece.parts.items():
                part = base * piece.bears(part_ppm)
                state.parts[name] = state.parts.get(name, ZERO) + part
            if stretches and not piece.drawn and stretches[-1][0] == piece.rate_ppm:
                interest += stretches.pop()[1]
            stretches.append((piece.rate_ppm, interest))
        for _, interest in stretches:
            by_itself = self.case.interest_round == "subperiod"
            state.carried += whole(interest, self.case.rounding) if by_itself else interest

    def _collect(self, state: State) -> tuple[int, dict[str, int]]:
        interest = whole(state.carried, self.case.rounding)
        payers, left = {}, interest
        for name in self.case.payers:
            payers[name] = min(floor_fen(state.parts.get(name, ZERO)), left)
            left -= payers[name]
        state.carried, state.parts = ZERO, {}
        return interest, payers

    def _principal(self, index: int, owed: int, interest: int) -> int:
        group = self.case.of_line[index]
        if group.pays == "principal":
            return group.amount
        if group.pays == "payment":
            return group.amount - interest
        if group.pays in {"interest", "nothing"}:
            return 0
        if index == group.end - 1:
            return owed - group.target
        if group.pays == "level":
            return self.level - interest
        return self.level + (self.case.unit if index - self.first < self.odd_units else 0)
