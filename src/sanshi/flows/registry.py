"""Every use case by name: what the command line, the API and the schemas are made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanshi.flows.api_keys import ISSUE_KEY, REVOKE_KEY
from sanshi.flows.applying import APPLY
from sanshi.flows.asking import ASK
from sanshi.flows.authorizations import (
    CAPTURE,
    REFUND,
    VIEW_AUTHORIZATION,
    VIEW_REFUND,
    VOID,
)
from sanshi.flows.books import CHECK_BOOKS, TRIAL_BALANCE
from sanshi.flows.cases import CLOSE_CASE, WRITE_ANSWER
from sanshi.flows.changing import CHANGE_LOAN
from sanshi.flows.claiming import COLLECT_CLAIM, MAKE_CLAIM, PAY_MERCHANT
from sanshi.flows.closing import CLOSE_SHARD, FINISH, SWITCH
from sanshi.flows.confirming import SIGN_COST_TABLE
from sanshi.flows.consents import GRANT, WITHDRAW
from sanshi.flows.contracts import OFFER, SERVE, SIGN
from sanshi.flows.deciding import DECIDE, REPLAY
from sanshi.flows.desk_accruals import DESK_ACCRUALS
from sanshi.flows.desk_applications import DESK_APPLICATION
from sanshi.flows.desk_books import (
    DESK_CASE,
    DESK_CLAIM,
    DESK_CLOSE,
    DESK_LAPSING,
    DESK_OVERVIEW,
    DESK_PROPOSAL,
)
from sanshi.flows.desk_customers import DESK_CUSTOMER, DESK_CUSTOMERS, UNMASK_CUSTOMER
from sanshi.flows.desk_lists import EXPORT_LIST, LIST_FLOWS
from sanshi.flows.desk_loans import DESK_CONTRACT, DESK_LOAN
from sanshi.flows.desk_replay import LOAN_AT
from sanshi.flows.desk_seals import DESK_SEALS
from sanshi.flows.desk_settlements import DESK_SETTLEMENT
from sanshi.flows.desk_whatif import TRY_CHANGE
from sanshi.flows.disbursing import DISBURSE
from sanshi.flows.exporting import EXPORT_BOOKS
from sanshi.flows.hearing import HEAR
from sanshi.flows.identify import IDENTIFY
from sanshi.flows.listing import (
    LIST_APPLICATIONS,
    LIST_AUTHORIZATIONS,
    LIST_CASES,
    LIST_ENDPOINTS,
    LIST_LOANS,
    LIST_NOTICES,
    LIST_SESSIONS,
)
from sanshi.flows.own import (
    OWN_APPLICATION,
    OWN_CONTRACT,
    OWN_DATA,
    OWN_LOAN,
    OWN_LOANS,
    OWN_QUOTE,
    OWN_REQUESTS,
)
from sanshi.flows.paying import PAY
from sanshi.flows.proposals import (
    APPROVE,
    EXPIRE_PROPOSAL,
    PROPOSE,
    REJECT,
    WITHDRAW_PROPOSAL,
)
from sanshi.flows.quoting import QUOTE
from sanshi.flows.receipts import RECEIPT
from sanshi.flows.recognising import CONFIRM_PERSON, PROVE_PERSON
from sanshi.flows.reconciling import RECONCILE
from sanshi.flows.returning import RETURN_CREDIT, RETURN_GOODS
from sanshi.flows.sealing import SEAL_DAY
from sanshi.flows.sessions import (
    CANCEL_SESSION,
    CHOOSE_CASH,
    EXPIRE_SESSION,
    OPEN_SESSION,
    VIEW_SESSION,
)
from sanshi.flows.settlements import LIST_SETTLEMENTS, VIEW_SETTLEMENT
from sanshi.flows.settling import SETTLE
from sanshi.flows.sign_in import KEEP_SIGNED_IN, REQUEST_CODE, SIGN_IN, SIGN_OUT
from sanshi.flows.staff import ADD_ACCOUNT, DISABLE_ACCOUNT, RESET_PASSWORD
from sanshi.flows.staff_sign_in import (
    CHANGE_PASSWORD,
    KEEP_STAFF,
    SIGN_IN_STAFF,
    SIGN_OUT_STAFF,
    TAKE_ROLE,
)
from sanshi.flows.subsidies import GRANT_SUBSIDIES
from sanshi.flows.transferring import RECORD_PRICE, TRANSFER
from sanshi.flows.viewing import VIEW
from sanshi.flows.vouchers import ISSUE
from sanshi.flows.webhooks import (
    ADD_ENDPOINT,
    REMOVE_ENDPOINT,
    RESEND,
    VIEW_ENDPOINT,
    VIEW_NOTICE,
)
from sanshi.flows.world import Flow
from sanshi.flows.writing_off import WRITE_OFF

_ALL: tuple[Flow[Any], ...] = (
    IDENTIFY,
    GRANT,
    WITHDRAW,
    QUOTE,
    APPLY,
    DECIDE,
    REPLAY,
    OFFER,
    SERVE,
    SIGN_COST_TABLE,
    SIGN,
    DISBURSE,
    PAY,
    CHANGE_LOAN,
    WRITE_OFF,
    TRANSFER,
    RECORD_PRICE,
    HEAR,
    VIEW,
    RECEIPT,
    SWITCH,
    CLOSE_SHARD,
    FINISH,
    SEAL_DAY,
    RECONCILE,
    TRIAL_BALANCE,
    CHECK_BOOKS,
    EXPORT_BOOKS,
    CLOSE_CASE,
    WRITE_ANSWER,
    ISSUE,
    GRANT_SUBSIDIES,
    RETURN_GOODS,
    RETURN_CREDIT,
    MAKE_CLAIM,
    COLLECT_CLAIM,
    PAY_MERCHANT,
    SETTLE,
    LIST_SETTLEMENTS,
    VIEW_SETTLEMENT,
    OPEN_SESSION,
    VIEW_SESSION,
    CANCEL_SESSION,
    CHOOSE_CASH,
    EXPIRE_SESSION,
    VIEW_AUTHORIZATION,
    CAPTURE,
    VOID,
    REFUND,
    VIEW_REFUND,
    ADD_ENDPOINT,
    REMOVE_ENDPOINT,
    VIEW_ENDPOINT,
    VIEW_NOTICE,
    RESEND,
    LIST_SESSIONS,
    LIST_AUTHORIZATIONS,
    LIST_NOTICES,
    LIST_ENDPOINTS,
    LIST_LOANS,
    LIST_APPLICATIONS,
    LIST_CASES,
    ISSUE_KEY,
    REVOKE_KEY,
    ADD_ACCOUNT,
    DISABLE_ACCOUNT,
    RESET_PASSWORD,
    SIGN_IN_STAFF,
    TAKE_ROLE,
    CHANGE_PASSWORD,
    KEEP_STAFF,
    SIGN_OUT_STAFF,
    PROPOSE,
    APPROVE,
    REJECT,
    WITHDRAW_PROPOSAL,
    EXPIRE_PROPOSAL,
    DESK_OVERVIEW,
    DESK_ACCRUALS,
    DESK_APPLICATION,
    DESK_LOAN,
    DESK_CONTRACT,
    TRY_CHANGE,
    LOAN_AT,
    EXPORT_LIST,
    DESK_CUSTOMERS,
    DESK_CUSTOMER,
    UNMASK_CUSTOMER,
    DESK_CASE,
    DESK_CLAIM,
    DESK_SETTLEMENT,
    DESK_PROPOSAL,
    DESK_CLOSE,
    DESK_SEALS,
    DESK_LAPSING,
    *LIST_FLOWS.values(),
    ASK,
    OWN_QUOTE,
    OWN_APPLICATION,
    OWN_CONTRACT,
    OWN_LOANS,
    OWN_LOAN,
    OWN_DATA,
    OWN_REQUESTS,
    REQUEST_CODE,
    SIGN_IN,
    KEEP_SIGNED_IN,
    SIGN_OUT,
    CONFIRM_PERSON,
    PROVE_PERSON,
)

FLOWS: Mapping[str, Flow[Any]] = {flow.name: flow for flow in _ALL}
