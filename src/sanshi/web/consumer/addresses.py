"""Addresses of consumer pages and of what their forms post to, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote as quoted
from urllib.parse import urlencode

SIGN_IN = "/sign-in"
"""GET: the form. POST `mobile`: sends a one-time code."""
SIGN_IN_CODE = "/sign-in/code"
"""POST `mobile`, `code`: signs in."""
SIGN_OUT = "/sign-out"
"""POST."""
LOANS = "/loans"
"""GET: my loans."""
FEES = "/fees"
"""GET: contracts and fees explained."""
COMPLAINTS = "/complaints"
"""GET: enquiries and complaints 咨询与投诉."""


def purchase(merchant: str, sku: str) -> str:
    """GET: the declarations before a quote. POST: makes the quote."""
    return f"/buy/{_part(merchant)}/{_part(sku)}"


def checkout(quote_id: str, chosen: Mapping[str, str] | None = None) -> str:
    """GET: the plan picker; `plan` and `also.SKU` say what is chosen so far."""
    return _asked(f"/quotes/{_part(quote_id)}", chosen)


def consents(quote_id: str, chosen: Mapping[str, str] | None = None) -> str:
    """GET: what must be agreed to for the chosen plans. POST: agrees and applies."""
    return _asked(f"/quotes/{_part(quote_id)}/consents", chosen)


def withdraw(consent_id: str) -> str:
    """POST: ends a consent today."""
    return f"/consents/{_part(consent_id)}/withdraw"


def cash(quote_id: str) -> str:
    """POST: pay in full and borrow nothing."""
    return f"/quotes/{_part(quote_id)}/cash"


def application(application_id: str) -> str:
    """GET: what was decided."""
    return f"/applications/{_part(application_id)}"


def contracts(application_id: str) -> str:
    """POST `sku`: has the contract for a thing made out."""
    return f"{application(application_id)}/contracts"


def contract(contract_id: str) -> str:
    """GET: the contract with its confirmation. POST `content_hash`, `confirmed`: signs it."""
    return f"/contracts/{_part(contract_id)}"


def contract_text(contract_id: str) -> str:
    """GET: the stored document itself, as it was served."""
    return f"{contract(contract_id)}/text"


def loan(loan_id: str) -> str:
    """GET: one loan."""
    return f"{LOANS}/{_part(loan_id)}"


def pay(loan_id: str) -> str:
    """POST `purpose`, `amount` in yuan: pays, prepays or settles."""
    return f"{loan(loan_id)}/pay"


def return_goods(loan_id: str) -> str:
    """POST `price` in yuan (all, if empty): asks the shop to take the goods back."""
    return f"{loan(loan_id)}/return"


def return_credit(loan_id: str) -> str:
    """POST: pays out what is left over on a settled loan."""
    return f"{loan(loan_id)}/credit"


def _part(text: str) -> str:
    return quoted(text, safe="")


def _asked(path: str, chosen: Mapping[str, str] | None) -> str:
    return f"{path}?{urlencode(chosen)}" if chosen else path
