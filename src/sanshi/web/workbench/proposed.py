"""The page of a proposal; a change of a loan is told in words, with what it would do now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from sanshi.flows.desk_books import DESK_PROPOSAL
from sanshi.flows.desk_whatif import TRY_CHANGE
from sanshi.kernel.errors import ConflictError, InputError
from sanshi.web.forms import Filled
from sanshi.web.reader import Reader
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench import changes, matters
from sanshi.web.workbench.cells import Cell, day, ident, words
from sanshi.web.workbench.compare import Foreseen, pairs
from sanshi.web.workbench.desk import Visit
from sanshi.web.workbench.words import named_code

CHANGE = "change_loan"
Answer = Mapping[str, Any]


def proposal_page(
    visit: Visit,
    proposal_id: str,
    filled: Filled | None = None,
    outcome: tuple[tuple[Markup, str], ...] = (),
) -> matters.Proposal:
    """Return the page of a proposal, as far as whoever asks may see it."""
    answer = visit.do(DESK_PROPOSAL, proposal_id=proposal_id)
    own = answer["maker"] == visit.actor.actor_id
    page = matters.proposal(visit.reader, answer, own=own, filled=filled, outcome=outcome)
    if answer["flow"] != CHANGE:
        return page
    details = _details(visit.reader, answer["request"], answer["reason"])
    return replace(page, details=details, foreseen=_foreseen(visit, answer))


def _details(reader: Reader, request: Answer, reason: str) -> tuple[tuple[Markup, Cell], ...]:
    say, asked = reader.say, request["change"]
    told = [
        (say("借据"), ident(request["loan_id"])),
        (say("变更"), words(named_code(say, "event", asked["kind"]))),
        *((name, Cell(value)) for name, value in changes.told(reader, asked)),
    ]
    if request.get("value_date"):
        told.append((say("生效日"), day(request["value_date"])))
    if request["reason"] != reason:
        told.append((say("变更的理由"), words(request["reason"])))
    return tuple(told)


def _foreseen(visit: Visit, answer: Answer) -> Foreseen | None:
    """Try a change that still waits, for whoever may try it."""
    if answer["stage"] != "open" or visit.actor.role not in TRY_CHANGE.roles:
        return None
    request = answer["request"]
    more = at.asked(at.one(at.LOANS, request["loan_id"], "change"), **_query(request))
    asked = {name: request[name] for name in ("loan_id", "change", "value_date") if name in request}
    try:
        tried = visit.do(TRY_CHANGE, **asked)
    except (InputError, ConflictError):
        return Foreseen((), more)
    return Foreseen(pairs(visit.reader.say, tried), more)


def _query(request: Answer) -> dict[str, str]:
    """Return the fields of the page that tries a change, as somebody would have typed them."""
    typed = changes.typed(request["change"])
    return {**typed, "value_date": request.get("value_date") or ""}
