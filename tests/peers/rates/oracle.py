"""An independent and slow oracle for schedules and annual rates: Fractions and 90-digit Decimals.

It imports nothing from the code under test and is written another way: dates are stepped day by
day or month by month, rows are folded one at a time, and the rate is bisected on the loan's
balance instead of a present value.
"""

from __future__ import annotations

import calendar
import datetime as dt
import decimal
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

CONTEXT = decimal.Context(prec=90, rounding=decimal.ROUND_HALF_EVEN)
ROUNDINGS = {
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "up": decimal.ROUND_UP,
    "down": decimal.ROUND_DOWN,
}


def whole(value: Fraction, rounding: str) -> int:
    """Round a fraction to an integer; 200 digits hold every tie of these tests exactly."""
    with decimal.localcontext(prec=200):
        quotient = Decimal(value.numerator) / Decimal(value.denominator)
        return int(quotient.to_integral_value(rounding=ROUNDINGS[rounding]))


def same_day_other_month(day: dt.date, months: int, wanted_day: int) -> dt.date:
    year, month = day.year, day.month
    step = 1 if months > 0 else -1
    for _ in range(abs(months)):
        month += step
        if month in (0, 13):
            year, month = year + step, 12 if month == 0 else 1
    return dt.date(year, month, min(wanted_day, calendar.monthrange(year, month)[1]))


def thirty_days(start: dt.date, end: dt.date, due_day: int) -> int:
    """Count days from `start` to `end` one by one where every month has 30."""
    count, day = 0, start
    while day < end:
        count += even_number(day + dt.timedelta(1), due_day) - even_number(day, due_day)
        day += dt.timedelta(1)
    return count


def even_number(day: dt.date, due_day: int) -> int:
    last = calendar.monthrange(day.year, day.month)[1]
    shown = due_day if day.day == last and due_day > day.day else day.day
    return 30 * (12 * day.year + day.month) + min(shown, 30)


def falls_due(day: dt.date, due_day: int) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    return day.day == min(due_day, last)


def due_month_days(day: dt.date, due_day: int) -> int:
    """Count the days of the month, from due day to due day, that a day belongs to."""
    before, after = day, day + dt.timedelta(1)
    while not falls_due(before, due_day):
        before -= dt.timedelta(1)
    while not falls_due(after, due_day):
        after += dt.timedelta(1)
    return (after - before).days


def year_fraction(start: dt.date, end: dt.date, day_count: str, due_day: int) -> Fraction:
    if day_count == "30/360":
        return Fraction(thirty_days(start, end, due_day), 360)
    if day_count == "act/act":
        total, day = Fraction(0), start
        while day < end:
            total += Fraction(1, 366 if calendar.isleap(day.year) else 365)
            day += dt.timedelta(1)
        return total
    if day_count == "month/12":
        days = (start + dt.timedelta(n) for n in range((end - start).days))
        return sum((Fraction(1, 12 * due_month_days(day, due_day)) for day in days), Fraction(0))
    return Fraction((end - start).days, int(day_count.removeprefix("act/")))


def level_payment(principal: int, growths: Sequence[Fraction]) -> Fraction:
    """Find A with balance zero at the end: the final balance is linear in A."""

    def last_balance(payment: Fraction) -> Fraction:
        balance = Fraction(principal)
        for growth in growths:
            balance = balance * growth - payment
        return balance

    at_zero, at_one = last_balance(Fraction(0)), last_balance(Fraction(1))
    return at_zero / (at_zero - at_one)


def equal_instalments(
    principal: int, growths: Sequence[Fraction], rounding: str, level_rounding: str
) -> list[tuple[int, int]]:
    level = whole(level_payment(principal, growths), level_rounding)
    return rows(principal, growths, rounding, lambda _, interest: level - interest)


def equal_principals(
    principal: int, growths: Sequence[Fraction], rounding: str, level_rounding: str
) -> list[tuple[int, int]]:
    part = whole(Fraction(principal, len(growths)), level_rounding)
    return rows(principal, growths, rounding, lambda _, __: part)


def rows(
    principal: int,
    growths: Sequence[Fraction],
    rounding: str,
    wanted: Callable[[int, int], int],
) -> list[tuple[int, int]]:
    """Return (principal, interest) of each row."""
    found = []
    for number, growth in enumerate(growths, 1):
        interest = whole(principal * (growth - 1), rounding)
        part = wanted(number, interest)
        part = principal if number == len(growths) else sorted((0, part, principal))[1]
        found.append((part, interest))
        principal -= part
    return found


def months_and_days(start: dt.date, end: dt.date, due_day: int) -> tuple[int, int]:
    """Step back from `end` by whole months while not before `start`; count the days left."""
    at_end_of_month = end.day == calendar.monthrange(end.year, end.month)[1]
    anchor = due_day if at_end_of_month and end.day < due_day else end.day
    months = 0
    while same_day_other_month(end, -months - 1, anchor) >= start:
        months += 1
    return months, (same_day_other_month(end, -months, anchor) - start).days


def monthly_rate(advance: int, start: dt.date, payments: Sequence[tuple[dt.date, int]]) -> Decimal:
    """Bisect the monthly rate to over 80 digits."""
    due_day = max(day.day for day, _ in payments)
    times = [(*months_and_days(start, day, due_day), amount) for day, amount in payments]

    def worth(rate: Decimal) -> Decimal:
        total = Decimal(0)
        for months, days, amount in times:
            total += Decimal(amount) / ((1 + rate) ** months * (1 + rate * days / 30))
        return total

    low, high = Decimal("-0.98"), Decimal(99)
    with decimal.localcontext(CONTEXT):
        for _ in range(290):
            middle = (low + high) / 2
            low, high = (middle, high) if worth(middle) > advance else (low, middle)
        return low


def unit_rate(flows: Sequence[tuple[dt.date, int]], unit: str, count: int) -> Decimal:
    """Bisect the rate of a unit-period of `count` weeks or months, by Regulation Z's times."""
    start = min(day for day, _ in flows)
    due_day = max(day.day for day, _ in flows if day != start)
    times = []
    for day, amount in flows:
        if unit == "weeks":
            units = Fraction((day - start).days, 7 * count)
        else:
            months, days = months_and_days(start, day, due_day)
            units = Fraction(30 * months + days, 30 * count)
        times.append((int(units), units - int(units), amount))

    def worth(rate: Decimal) -> Decimal:
        total = Decimal(0)
        for units, part, amount in times:
            odd = 1 + rate * part.numerator / part.denominator
            total += Decimal(amount) / ((1 + rate) ** units * odd)
        return total

    low, high = Decimal("-0.5"), Decimal(99)
    with decimal.localcontext(CONTEXT):
        for _ in range(290):
            middle = (low + high) / 2
            low, high = (middle, high) if worth(middle) < 0 else (low, middle)
        return low


def nominal_ppm(rate: Decimal) -> int:
    with decimal.localcontext(CONTEXT):
        return disclosed(rate * 12)


def effective_ppm(rate: Decimal) -> int:
    with decimal.localcontext(CONTEXT):
        return disclosed((1 + rate) ** 12 - 1)


def disclosed(rate: Decimal) -> int:
    """Round to 0.01 % in ppm."""
    return int((rate * 10_000).quantize(Decimal(1), rounding=decimal.ROUND_HALF_UP)) * 100
