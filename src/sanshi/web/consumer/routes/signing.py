"""Routes of a contract: read it, see the stored document itself, sign it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from sanshi.flows.contracts import SERVE, SIGN
from sanshi.flows.own import OWN_CONTRACT
from sanshi.kernel.errors import ConflictError
from sanshi.web.consumer import addresses as at
from sanshi.web.consumer.contract import Contract, contract, read_signature
from sanshi.web.consumer.result import refused
from sanshi.web.consumer.routes.visit import Recognised, RecognisedForm, Visit
from sanshi.web.forms import FieldError, Filled
from sanshi.web.rendering import DOCUMENT_SECURITY_POLICY

router = APIRouter()


@router.get(at.contract("{contract_id}"))
def read(contract_id: str, visit: Recognised) -> Response:
    """Show the contract to be read; a signed one is found at its loan."""
    seen = visit.do(OWN_CONTRACT, contract_id=contract_id)
    if seen["loan_id"]:
        return visit.go(at.loan(seen["loan_id"]))
    if seen["stage"] != "offered":
        raise ConflictError("contract.over", "This contract can no longer be signed.")
    visit.do(SERVE, contract_id=contract_id)
    return visit.show(_page(visit, seen))


@router.get(at.contract_text("{contract_id}"))
def read_text(contract_id: str, visit: Recognised) -> Response:
    """Send the stored document, byte for byte, as something that runs nothing."""
    seen = visit.do(OWN_CONTRACT, contract_id=contract_id)
    headers = {"Content-Security-Policy": DOCUMENT_SECURITY_POLICY}
    return HTMLResponse(seen["html"], headers=headers)


@router.post(at.contract("{contract_id}"))
def sign(contract_id: str, visit: RecognisedForm) -> Response:
    """Sign the very text that was read."""
    seen = visit.do(OWN_CONTRACT, contract_id=contract_id)
    if seen["loan_id"]:  # sent twice, or again after going back
        return visit.go(at.loan(seen["loan_id"]))
    errors = read_signature(visit.reader, visit.form)
    if errors:
        return visit.show(_page(visit, seen, Filled(visit.form, errors)), 422)
    try:
        answer: Mapping[str, Any] = visit.do_once(
            SIGN,
            contract_id=contract_id,
            content_hash=visit.form.get("content_hash", ""),
            confirmed=True,
        )
    except ConflictError as error:
        if error.code != "contract.not_read":
            raise
        words = visit.reader.say("合同打开的时间还不够长，请读完再签。")
        filled = Filled(visit.form, (FieldError("confirmed", words),))
        return visit.show(_page(visit, seen, filled), 409)
    if not answer["signed"]:
        link = seen["session"]["link"] if seen["session"] else ""
        return visit.show(refused(visit.reader, answer["certificate"], seen["asked"], link))
    return visit.go(at.loan(answer["loan_id"]))


def _page(visit: Visit, seen: Mapping[str, Any], filled: Filled | None = None) -> Contract:
    return contract(
        visit.reader, seen, seen, seen["asked"], table_signed=seen["table_signed"], filled=filled
    )
