"""Floating rates 浮动利率: a published index plus a margin, taken anew on repricing days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sanshi.kernel.errors import InputError
from sanshi.kernel.money import PPM
from sanshi.kernel.schedules.terms import RateChange


def repriced(
    values: Sequence[RateChange],
    margin_ppm: int,
    days: Sequence[date],
    max_age_days: int | None = None,
) -> tuple[RateChange, ...]:
    """Return the contract's rate changes: on each repricing day, the index in force and a margin.

    Args:
        values: of the index, such as the LPR 贷款市场报价利率, each from its first day.
        margin_ppm: added to it 加点; negative where it is taken off.
        days: when the contract takes the index anew 重定价日.
        max_age_days: an older value does not count: a monthly index that missed a month is
            missing, not unchanged. None: any age.

    Raises:
        InputError: no value counts on a day, or index and margin leave 0 to 100 %.
    """
    ordered = sorted(values, key=lambda value: value.start_date)
    return tuple(
        RateChange(day, _rate_ppm(ordered, margin_ppm, day, max_age_days)) for day in sorted(days)
    )


def _rate_ppm(
    values: Sequence[RateChange], margin_ppm: int, day: date, max_age_days: int | None
) -> int:
    published = [value for value in values if value.start_date <= day]
    if not published:
        raise InputError(
            "rate_index.missing",
            f"The index has no value on {day}.",
            field="index.values",
            fix="Add the value in force on that repricing day.",
        )
    latest = published[-1]
    if max_age_days is not None and day - latest.start_date > timedelta(days=max_age_days):
        raise InputError(
            "rate_index.stale",
            f"The index's last value before {day} is of {latest.start_date}.",
            field="index.values",
            fix=f"Add the value published within {max_age_days} days of that repricing day.",
        )
    rate_ppm = latest.rate_ppm + margin_ppm
    if not 0 <= rate_ppm <= PPM:
        raise InputError(
            "rate_index.out_of_range",
            f"Index and margin make {rate_ppm} millionths on {day}.",
            field="index.margin",
            fix="An annual rate lies within 0 and 100 %.",
        )
    return rate_ppm
