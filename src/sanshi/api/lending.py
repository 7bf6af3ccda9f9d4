"""Calls of a lender: loans, decisions, cases, books, and keys for programs."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from sanshi.api import lender_models as lm
from sanshi.api import models as m
from sanshi.api.gate import Admin, Auditor, CaseWorker, InWorld, Replayer, Risk, Servicing, Viewer
from sanshi.api.kit import NOT_MODIFIED, After, Key, Limit, TaggedRoute
from sanshi.api.problems import documented
from sanshi.flows import api_keys, listing
from sanshi.flows.books import TRIAL_BALANCE
from sanshi.flows.cases import CLOSE_CASE, WRITE_ANSWER, Letter
from sanshi.flows.deciding import DECIDE, REPLAY, DecideApplication
from sanshi.flows.disbursing import DISBURSE
from sanshi.flows.paying import PAY, Pay
from sanshi.flows.perform import perform
from sanshi.flows.viewing import VIEW
from sanshi.flows.world import Command

router = APIRouter(prefix="/v1", route_class=TaggedRoute)

LoanId = Annotated[str, Path(examples=["ln_01m6czrj0g2p6nd9refg75phjk"])]
DecisionId = Annotated[str, Path(examples=["de_01m6czrj0g2p6nd9refg75phjk"])]
CaseId = Annotated[str, Path(examples=["cs_01m6czrj0g2p6nd9refg75phjk"])]
KeyId = Annotated[str, Path(examples=["ak_01m6czrj0g2p6nd9refg75phjk"])]


class Finding(Command):
    """What was found when somebody looked; `answer_id` where a customer asked."""

    finding: str
    answer_id: str | None = None


class Answer(Command):
    """What the customer who asked is told once the case is closed."""

    text: Letter


@router.get(
    "/loans",
    tags=["loans"],
    summary="List loans",
    responses=documented(401, 403, 422) | NOT_MODIFIED,
)
def list_loans(
    actor: Viewer, world: InWorld, after: After = None, limit: Limit = 20
) -> m.Page[lm.LoanInList]:
    """List the lender's loans, newest first."""
    page = perform(world, actor, listing.LIST_LOANS, {"after": after, "limit": limit})
    return m.Page[lm.LoanInList].model_validate(page)


@router.get(
    "/loans/{loan_id}",
    tags=["loans"],
    summary="See a loan",
    responses=documented(401, 403, 404) | NOT_MODIFIED,
)
def view_loan(loan_id: LoanId, actor: Viewer, world: InWorld) -> lm.Loan:
    """Return a loan's figures, schedule and events. That somebody looked is on record."""
    return lm.Loan.model_validate(perform(world, actor, VIEW, {"loan_id": loan_id}))


@router.post(
    "/loans/{loan_id}/disbursement",
    status_code=201,
    tags=["loans"],
    summary="Pay a signed loan out",
    responses=documented(401, 403, 404, 409, 422),
)
def disburse(loan_id: LoanId, key: Key, actor: Servicing, world: InWorld) -> lm.Disbursement:
    """Order the payment to the shop, as a capture by the shop would."""
    return lm.Disbursement.model_validate(
        perform(world, actor, DISBURSE, {"loan_id": loan_id}, key)
    )


@router.post(
    "/repayments",
    status_code=201,
    tags=["loans"],
    summary="Collect a repayment",
    responses=documented(401, 403, 404, 409, 413, 422),
)
def repay(body: Pay, key: Key, actor: Servicing, world: InWorld) -> lm.PaymentOrdered:
    """Collect what is due, prepay, or settle early, on the borrower's word."""
    return lm.PaymentOrdered.model_validate(
        perform(world, actor, PAY, body.model_dump(mode="json"), key)
    )


@router.get(
    "/applications",
    tags=["decisions"],
    summary="List applications",
    responses=documented(401, 403, 422) | NOT_MODIFIED,
)
def list_applications(
    actor: Risk, world: InWorld, after: After = None, limit: Limit = 20
) -> m.Page[lm.ApplicationInList]:
    """List applications to this lender, newest first."""
    page = perform(world, actor, listing.LIST_APPLICATIONS, {"after": after, "limit": limit})
    return m.Page[lm.ApplicationInList].model_validate(page)


@router.post(
    "/decisions",
    status_code=201,
    tags=["decisions"],
    summary="Decide an application",
    responses=documented(401, 403, 404, 409, 413, 422),
)
def decide(body: DecideApplication, key: Key, actor: Risk, world: InWorld) -> lm.Decision:
    """Decide with what the applicant agreed to be looked at; doubt refers, it never approves."""
    return lm.Decision.model_validate(
        perform(world, actor, DECIDE, body.model_dump(mode="json"), key)
    )


@router.get(
    "/decisions/{decision_id}/replay",
    tags=["decisions"],
    summary="Replay a decision",
    responses=documented(401, 403, 404) | NOT_MODIFIED,
)
def replay(decision_id: DecisionId, actor: Replayer, world: InWorld) -> lm.Replay:
    """Work a decision out again from its record and compare it bit for bit."""
    return lm.Replay.model_validate(perform(world, actor, REPLAY, {"decision_id": decision_id}))


@router.get(
    "/cases",
    tags=["cases"],
    summary="List cases",
    responses=documented(401, 403, 422) | NOT_MODIFIED,
)
def list_cases(
    actor: CaseWorker, world: InWorld, after: After = None, limit: Limit = 20
) -> m.Page[lm.Case]:
    """List what somebody has to look at, newest first."""
    page = perform(world, actor, listing.LIST_CASES, {"after": after, "limit": limit})
    return m.Page[lm.Case].model_validate(page)


@router.post(
    "/cases/{case_id}/answers",
    status_code=201,
    tags=["cases"],
    summary="Write the answer to a customer",
    responses=documented(401, 403, 404, 409, 413, 422),
)
def write_answer(
    case_id: CaseId, body: Answer, key: Key, actor: CaseWorker, world: InWorld
) -> lm.CaseAnswer:
    """Write what a customer is told; they see it once the case is closed with it."""
    asked = {"case_id": case_id, "text": body.text}
    return lm.CaseAnswer.model_validate(perform(world, actor, WRITE_ANSWER, asked, key))


@router.post(
    "/cases/{case_id}/close",
    tags=["cases"],
    summary="Close a case",
    responses=documented(401, 403, 404, 409, 413, 422),
)
def close_case(
    case_id: CaseId, body: Finding, key: Key, actor: CaseWorker, world: InWorld
) -> lm.CaseClosed:
    """Close a case with what was found, and with the answer to the customer if one asked."""
    asked = {"case_id": case_id, **body.model_dump()}
    return lm.CaseClosed.model_validate(perform(world, actor, CLOSE_CASE, asked, key))


@router.get(
    "/trial-balance",
    tags=["books"],
    summary="See the trial balance",
    responses=documented(401, 403, 422) | NOT_MODIFIED,
)
def trial_balance(
    actor: Auditor,
    world: InWorld,
    since: Annotated[date | None, Query(description="The first booking date that counts.")] = None,
    to: Annotated[date | None, Query(description="The last booking date that counts.")] = None,
    value_to: Annotated[date | None, Query(description="The last value date that counts.")] = None,
) -> lm.TrialBalance:
    """Return the lender's trial balance 试算平衡."""
    days = {"since": since, "to": to, "value_to": value_to}
    asked = {name: day.isoformat() for name, day in days.items() if day} | {"entity": actor.entity}
    return lm.TrialBalance.model_validate(perform(world, actor, TRIAL_BALANCE, asked))


@router.post(
    "/api-keys",
    status_code=201,
    tags=["keys"],
    summary="Issue an API key",
    responses=documented(401, 403, 409, 413, 422),
)
def issue_key(
    body: api_keys.IssueKey, key: Key, actor: Admin, world: InWorld, request: Request
) -> m.ApiKey:
    """Give a program of the lender a key for one role."""
    answer = perform(world, actor, api_keys.ISSUE_KEY, body.model_dump(mode="json"), key)
    text = api_keys.key_text(world, answer["key_id"], request.app.state.key_kind)
    return m.ApiKey(**answer, key=text)


@router.delete(
    "/api-keys/{key_id}",
    tags=["keys"],
    summary="Revoke an API key",
    responses=documented(401, 403, 404),
)
def revoke_key(key_id: KeyId, actor: Admin, world: InWorld) -> m.Revoked:
    """Let a key open nothing any more."""
    return m.Revoked.model_validate(perform(world, actor, api_keys.REVOKE_KEY, {"key_id": key_id}))
