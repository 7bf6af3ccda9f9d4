"""Rows of schedule terms (`tables.SCHEDULE_TERMS`) for tests of columns."""

from __future__ import annotations

from datetime import date
from typing import Any

Row = dict[str, Any]


def usual(**changes: Any) -> Row:  # noqa: ANN401 - any field
    return {
        "row": 0,
        "principal_fen": 600_000,
        "rate_ppm": 88_800,
        "method": "equal_instalment",
        "start_date": date(2026, 11, 22),
        "first_due": date(2026, 12, 22),
        "instalments": 12,
        "every_months": 1,
        "every_days": 0,
        "due_day": 22,
        "day_count": "30/360",
        "rounding": "half_up",
        "instalment_rounding": "half_up",
        "remainder": "last",
        "interest_round": "instalment",
        "round_to_fen": 1,
        "grace_lines": 0,
        "balloon_fen": 0,
        "draws": [],
        "rate_changes": [],
    } | changes
