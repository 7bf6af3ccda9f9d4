"""The engine's lines for a document, in the oracle's shape."""

from __future__ import annotations

import json
from typing import Any

from peers.schedules.terms import Document
from sanshi.cli.scheduling import ScheduleInput, shown_lines, worked_out

Line = dict[str, Any]


def engine_lines(document: Document) -> list[Line]:
    """Return what `sanshi schedule --json` prints as lines; the annual cost is tested elsewhere."""
    asked = ScheduleInput.model_validate_json(json.dumps(document))
    return [_line(line) for line in shown_lines(asked, *worked_out(asked))]


def _line(line: Line) -> Line:
    listed = line.get("payers", ())
    payers = {one["payer"]: one["interest_fen"] for one in listed}
    assert len(payers) == len(listed), "a payer is listed twice"
    shown = {key: value for key, value in line.items() if key not in {"pay_on", "provisional"}}
    return shown | {"payers": {name: fen for name, fen in payers.items() if fen}}
