"""The consumer pages: build a view from a flow's answer, then `render(page, view)`.

view = checkout(reader, answer_of_quote_purchase, chosen={"plan": key})
html = render(Page(language="zh", csrf=token, path=path, query=query), view)
"""

from sanshi.web.consumer import addresses
from sanshi.web.consumer.checkout import CASH, Checkout, checkout
from sanshi.web.consumer.consents import Consents, consents, read_consents
from sanshi.web.consumer.contract import Contract, contract, read_signature
from sanshi.web.consumer.declare import Declare, declare, read_declarations
from sanshi.web.consumer.doors import (
    Problem,
    SignedOut,
    SignIn,
    SignInCode,
    problem,
    problem_of_status,
    read_mobile,
    wrong_code,
)
from sanshi.web.consumer.loans import Loan, Loans, loan, loans, read_prepayment, read_return
from sanshi.web.consumer.result import Refused, Result, refused, result
from sanshi.web.forms import FieldError, Filled, fen_in
from sanshi.web.reader import Reader, Shelf
from sanshi.web.rendering import (
    CONTENT_SECURITY_POLICY,
    DOCUMENT_SECURITY_POLICY,
    STATIC,
    Page,
    Renderer,
    View,
)

render = Renderer("sanshi.web.consumer", at=addresses).render
"""Return a whole page: `render(page, view)`."""

__all__ = [
    "CASH",
    "CONTENT_SECURITY_POLICY",
    "DOCUMENT_SECURITY_POLICY",
    "STATIC",
    "Checkout",
    "Consents",
    "Contract",
    "Declare",
    "FieldError",
    "Filled",
    "Loan",
    "Loans",
    "Page",
    "Problem",
    "Reader",
    "Refused",
    "Result",
    "Shelf",
    "SignIn",
    "SignInCode",
    "SignedOut",
    "View",
    "addresses",
    "checkout",
    "consents",
    "contract",
    "declare",
    "fen_in",
    "loan",
    "loans",
    "problem",
    "problem_of_status",
    "read_consents",
    "read_declarations",
    "read_mobile",
    "read_prepayment",
    "read_return",
    "read_signature",
    "refused",
    "render",
    "result",
    "wrong_code",
]
