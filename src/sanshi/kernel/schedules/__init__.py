"""Repayment schedules 还款计划: any method over any due dates, exact to the last fen.

Interest of a line is an exact fraction of a fen, rounded once at the due date; what rounding
gives or takes is not carried into the next instalment. Within a period, stretches with different
balances or rates add up exactly before that one rounding (or are rounded each by itself, where
that is agreed). No period is special: the rest of a loan is scheduled anew by the same function,
from any day and with fewer due dates.

`terms` says what a schedule follows from, `periods` cuts time, `walk` is the arithmetic of a line
(for one loan and for columns), `levels` solves level payments, `engine` puts them together.
"""

from sanshi.kernel.schedules.engine import Instalment, schedule
from sanshi.kernel.schedules.interest import NO_INTEREST, Interest, interest_numerator
from sanshi.kernel.schedules.terms import (
    MAX_DUE_DAY,
    MAX_INSTALMENTS,
    Draw,
    Group,
    InterestRound,
    Method,
    PlainMethod,
    RateChange,
    Remainder,
    Terms,
    Window,
)

__all__ = [
    "MAX_DUE_DAY",
    "MAX_INSTALMENTS",
    "NO_INTEREST",
    "Draw",
    "Group",
    "Instalment",
    "Interest",
    "InterestRound",
    "Method",
    "PlainMethod",
    "RateChange",
    "Remainder",
    "Terms",
    "Window",
    "interest_numerator",
    "schedule",
]
