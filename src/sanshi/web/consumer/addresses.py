"""Addresses of consumer pages and of what their forms post to, in one place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote as quoted
from urllib.parse import urlencode

_PLACE = re.compile(r"\{[a-z_]+\}")

SIGN_IN = "/sign-in"
"""GET: the form. POST `mobile`: sends a one-time code."""
SIGN_IN_CODE = "/sign-in/code"
"""POST `mobile`, `code`: signs in."""
WHO = "/sign-in/who"
"""GET: who it is; `full`: asked by name and number, though the mobile number is known."""
CONFIRM = "/sign-in/confirm"
"""POST `id_tail`."""
PROVE = "/sign-in/prove"
"""POST `full_name`, `id_number`."""
SIGN_OUT = "/sign-out"
"""POST."""
LOANS = "/loans"
"""GET: my loans."""
FEES = "/fees"
"""GET: contracts and fees explained."""
COMPLAINTS = "/complaints"
"""GET: enquiries and complaints 咨询与投诉."""


MINE = "/mine"
"""GET: what is known of me, what I agreed to, and how to end it."""
TOWN = "/sandbox"
"""GET: the front page of a sandbox."""
TOWN_BUY = "/sandbox/buy"
"""POST `merchant`, `sku`: opens a checkout as the shop would."""
TOWN_DAY = "/sandbox/next-day"
"""POST: lets a sandbox's business date pass."""
PHONE = "/sandbox/phone"
"""GET: text messages that a sandbox keeps instead of sending them."""


def who(onward: str = "", *, full: bool = False) -> str:
    """GET: the question who it is."""
    asked = ({"onward": onward} if onward else {}) | ({"full": "1"} if full else {})
    return _asked(WHO, asked)


def sign_in(onward: str = "") -> str:
    """GET: the form, leading on to a page of ours."""
    return _asked(SIGN_IN, {"onward": onward} if onward else None)


def arrival(link: str) -> str:
    """GET: a shop's checkout, as its buyer arrives."""
    return f"/checkout/{_part(link)}"


def arrival_cash(link: str) -> str:
    """POST: pay the shop in full."""
    return f"{arrival(link)}/cash"


def arrival_plans(link: str) -> str:
    """GET: the declarations before a quote for that checkout. POST: makes the quote."""
    return f"{arrival(link)}/plans"


def purchase(merchant: str, *skus: str) -> str:
    """GET: the declarations before a quote, for things of a shop. POST: makes the quote."""
    first, *others = skus
    also = "&".join(urlencode({"also": sku}) for sku in others)
    return f"/buy/{_part(merchant)}/{_part(first)}" + (f"?{also}" if also else "")


def checkout(quote_id: str, chosen: Mapping[str, str] | None = None) -> str:
    """GET: the plan picker; `plan` and `also.SKU` say what is chosen so far."""
    return _asked(f"/quotes/{_part(quote_id)}", chosen)


def consents(quote_id: str, chosen: Mapping[str, str] | None = None) -> str:
    """GET: what must be agreed to for the chosen plans. POST: agrees and applies."""
    return _asked(f"/quotes/{_part(quote_id)}/consents", chosen)


def asking(loan_id: str = "") -> str:
    """GET: enquiries and complaints, about a loan if one is named."""
    return _asked(COMPLAINTS, {"loan": loan_id} if loan_id else None)


def withdraw(consent_id: str) -> str:
    """POST: ends a consent today."""
    return f"/consents/{_part(consent_id)}/withdraw"


def cash(quote_id: str) -> str:
    """POST: pay in full and borrow nothing."""
    return f"/quotes/{_part(quote_id)}/cash"


def application(application_id: str) -> str:
    """GET: what was decided."""
    return f"/applications/{_part(application_id)}"


def decide(application_id: str) -> str:
    """POST: has an application decided that could not be at first."""
    return f"{application(application_id)}/decide"


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


def give_up(loan_id: str) -> str:
    """POST: gives up what was signed, while no money has been paid out."""
    return f"{loan(loan_id)}/give-up"


def receipt(document_id: str) -> str:
    """GET: the receipt that proves a document, as a file."""
    return f"/receipts/{_part(document_id)}"


def return_goods(loan_id: str) -> str:
    """POST `price` in yuan (all, if empty): asks the shop to take the goods back."""
    return f"{loan(loan_id)}/return"


def return_credit(loan_id: str) -> str:
    """POST: pays out what is left over on a settled loan."""
    return f"{loan(loan_id)}/credit"


def _part(text: str) -> str:
    """Quote what stands between slashes; a name in braces is a route's, and stays as it is."""
    return text if _PLACE.fullmatch(text) else quoted(text, safe="")


def with_query(path: str, query: Mapping[str, str]) -> str:
    """Return a path with what is asked of it."""
    return _asked(path, query)


def _asked(path: str, chosen: Mapping[str, str] | None) -> str:
    return f"{path}?{urlencode(chosen)}" if chosen else path
