"""Addresses of the workbench, in one place."""

from __future__ import annotations

from urllib.parse import quote, urlencode

OVERVIEW = "/"
SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
PASSWORD = "/password"  # noqa: S105 - the path of a page, not a password
ROLE = "/role"
APPLICATIONS = "/applications"
LOANS = "/loans"
CONTRACTS = "/contracts"
CUSTOMERS = "/customers"
CASES = "/cases"
CLOSE = "/close"
BOOKS = "/books"
SEALS = "/books/seals"
POSTINGS = "/postings"
PAYMENTS = "/payments"
CLAIMS = "/claims"
SETTLEMENTS = "/settlements"
POLICIES = "/policies"
AUDIT = "/audit"
PROPOSALS = "/proposals"
ACCOUNTS = "/accounts"
KEYS = "/keys"

_BY_PREFIX = {
    "ap": APPLICATIONS,
    "cl": CLAIMS,
    "cs": CASES,
    "ln": LOANS,
    "pr": PROPOSALS,
    "ps": CUSTOMERS,
    "st": SETTLEMENTS,
}


def one(room: str, name: str, deed: str = "") -> str:
    """Return the address of one thing, or of what may be done with it."""
    return f"{room}/{quote(name, safe='')}" + (f"/{deed}" if deed else "")


def accruals(day: str, shard: int) -> str:
    """Return where the accruals of one shard's close are shown."""
    return one(CLOSE, day, str(shard))


def asked(path: str, **query: str) -> str:
    """Return an address with what is asked for, without what is empty."""
    given = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def thing(name: str) -> str:
    """Return where a thing is shown, by the prefix of its id; empty: nowhere."""
    prefix = name.partition("_")[0]
    if prefix == "py":
        return asked(PAYMENTS, text=name)
    return one(_BY_PREFIX[prefix], name) if prefix in _BY_PREFIX else ""


def sign_in(onward: str = "") -> str:
    """Return the way to sign in, and on."""
    return asked(SIGN_IN, onward=onward)
