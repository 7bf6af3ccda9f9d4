"""Every consumer page in every state that looks different, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from sanshi.kernel.errors import ConflictError, UnavailableError
from sanshi.kernel.reasons import Language
from sanshi.web.consumer.arriving import arrived, ended, paid_elsewhere
from sanshi.web.consumer.asking import asking, read_request
from sanshi.web.consumer.fees import fees
from sanshi.web.consumer.mine import mine
from sanshi.web.consumer.pages import (
    CASH,
    Filled,
    Page,
    Reader,
    SignedOut,
    SignIn,
    SignInCode,
    View,
    checkout,
    consents,
    contract,
    declare,
    loan,
    loans,
    problem,
    problem_of_status,
    read_consents,
    read_declarations,
    read_mobile,
    read_prepayment,
    read_signature,
    refused,
    render,
    result,
    wrong_code,
)
from sanshi.web.consumer.phone import phone
from sanshi.web.consumer.result import Waiting
from sanshi.web.consumer.town import Officer, Resident, Sandbox, town
from sanshi.web.consumer.who import WhoKnown, WhoNew, not_them, read_person, read_tail
from web.consumer.answers import CAR_36, FRIDGE_3, PLATE_36, TV_6, Answers

Make = Callable[[Reader, Answers], View]
LEASE = "shenzu_car_lease.36.equal_instalment"
STATES = (
    "pending",
    "fresh",
    "due",
    "paying",
    "settled",
    "subsidised",
    "returned",
    "overdue",
    "written_off",
    "recovered",
    "sold",
    "cancelled",
)
LINK = "se_x-0123"
CONTACT = {"at": "2026-11-02T02:00:00.000000Z", "kind": "one_time_code"}


def _checkout(quote: str, **chosen: str) -> Make:
    named = {name.replace("__", "."): key for name, key in chosen.items()}
    named = {("also.PJ-PLATE" if name == "plate" else name): key for name, key in named.items()}
    return lambda reader, seen: checkout(reader, seen[quote], named)


def _loan(state: str) -> Make:
    return lambda reader, seen: loan(reader, seen[state], seen[f"{state}_about"])


def _declared(reader: Reader, _seen: Answers) -> View:
    sent = {"monthly_income": "一万", "monthly_debt_service": "", "down_payment": "-5"}
    _, errors = read_declarations(reader, sent)
    return declare(reader, "pujiang_auto", ("PJ-ICE-P15", "PJ-PLATE"), Filled(sent, errors))


def _consented(reader: Reader, seen: Answers) -> View:
    sent = {"consent.housing_fund": "yes", "job_months": "three"}
    _, _, errors = read_consents(reader, sent)
    return consents(reader, seen["quote_tv"], {"plan": TV_6}, (), Filled(sent, errors))


def _ended(stage: str) -> Make:
    return lambda reader, seen: ended(reader, seen[f"session_{stage}"])


def _contract(case: str, *, signed: bool = False, failed: bool = False) -> Make:
    def make(reader: Reader, seen: Answers) -> View:
        return contract(
            reader,
            seen[f"{case}_offered"],
            seen[f"{case}_served"],
            seen[f"{case}_asked"],
            table_signed=signed,
            filled=Filled({}, read_signature(reader, {})) if failed else None,
        )

    return make


def _refused(reader: Reader, seen: Answers) -> View:
    certificate = seen["quote_student"]["withheld"][0]["certificate"]
    return refused(reader, certificate, seen["referred_asked"])


def _unknown(reader: Reader, seen: Answers) -> View:
    """A loan whose money may or may not have gone out, as a time-out leaves it."""
    answer = {**seen["pending"], "stage": "disbursement_unknown"}
    payment = {
        "purpose": "disburse",
        "amount_fen": 329_900,
        "ordered_on": seen["fresh_about"]["payments"][0]["ordered_on"],
        "stage": "unknown",
    }
    return loan(reader, answer, {**seen["pending_about"], "payments": [payment]})


def _prepaying(reader: Reader, seen: Answers) -> View:
    sent = {"amount": "x", "purpose": ""}
    filled = Filled(sent, read_prepayment(reader, sent)[1])
    return loan(reader, seen["fresh"], seen["fresh_about"], filled)


def _many(reader: Reader, seen: Answers) -> View:
    """Thirty plans and more: the car's own, each lender's list twice as long."""
    quote = dict(seen["quote_car"])
    longer = [{**plan, "key": f"{plan['key']}.again"} for plan in quote["plans"]]
    quote["plans"] = [*quote["plans"], *longer]
    assert len(quote["plans"]) >= 30
    return checkout(reader, quote, {})


def _sign_in(reader: Reader, _seen: Answers) -> View:
    sent = {"mobile": "123"}
    return SignIn(Filled(sent, read_mobile(reader, sent)), onward="/loans")


def _who_known(reader: Reader, _seen: Answers) -> View:
    return WhoKnown(Filled({}, read_tail(reader, {"id_tail": "12"})[1]), "/loans")


def _who_new(reader: Reader, _seen: Answers) -> View:
    errors = read_person(reader, {"full_name": "", "id_number": "1"})[1]
    tired = not_them(reader, "id_number", "too_many")
    return WhoNew(Filled({"full_name": "林小满"}, (*errors, *tired)))


def _town(reader: Reader, _seen: Answers) -> View:
    someone = Resident("何向阳", "16120000000", "990000197306012444", "按时还款", "pays on time")
    officer = Officer("chen.yi", "3206-0ff7", "看一切", "sees everything")
    sandbox = Sandbox(list, lambda: None, [someone], [officer], "https://shop.example/desk")
    return town(reader, sandbox, date(2026, 11, 2))


def _asking(reader: Reader, seen: Answers) -> View:
    filled = Filled({"text": "x" * 2001}, read_request(reader, {"text": "x" * 2001})[1])
    return asking(reader, seen["requests"], filled)


def _part_signed(reader: Reader, seen: Answers) -> View:
    asked = seen["approved_asked"]
    return result(reader, seen["approved"], asked, {asked["sku"]: "ln_x"}, LINK)


def _wrong_code(reader: Reader, _seen: Answers) -> View:
    return SignInCode("16100000001", 5, Filled({"code": "000000"}, wrong_code(reader)))


CASES: Mapping[str, Make] = MappingProxyType(
    {
        "checkout_none": _checkout("quote_fridge"),
        "checkout_plan": _checkout("quote_tv", plan=TV_6),
        "checkout_conditional": _checkout("quote_tv_conditional", plan=TV_6),
        "checkout_cash": _checkout("quote_tv", plan=CASH),
        "checkout_over": _checkout("quote_poor", plan=FRIDGE_3),
        "checkout_unknown": _checkout("quote_unknown", plan=FRIDGE_3),
        "checkout_withheld": _checkout("quote_student"),
        "checkout_lease": _checkout("quote_car", plan=LEASE),
        "checkout_bundle": _checkout("quote_cars", plan=CAR_36, plate=PLATE_36),
        "checkout_mixed": _checkout(
            "quote_cars", plan="shenxing_car.36.equal_instalment", plate=PLATE_36
        ),
        "checkout_half": _checkout("quote_cars", plan=CAR_36),
        "checkout_many": _many,
        "declare": lambda reader, _seen: declare(reader, "haitai", ("HT-TV-75",)),
        "declare_errors": _declared,
        "consents": lambda reader, seen: consents(reader, seen["quote_tv"], {"plan": TV_6}),
        "consents_errors": _consented,
        "consents_held": lambda reader, seen: consents(
            reader,
            seen["quote_cars"],
            {"plan": CAR_36, "also.PJ-PLATE": PLATE_36},
            seen.grants,
        ),
        "approved": lambda r, seen: result(r, seen["approved"], seen["approved_asked"]),
        "declined": lambda r, seen: result(r, seen["declined"], seen["declined_asked"]),
        "referred": lambda r, seen: result(r, seen["referred"], seen["referred_asked"]),
        "refused": _refused,
        "contract": _contract("online"),
        "contract_error": _contract("online", failed=True),
        "contract_branch": _contract("branch"),
        "contract_branch_signed": _contract("branch", signed=True),
        "loans": lambda reader, seen: loans(
            reader, [(seen[state], seen[f"{state}_about"]) for state in STATES]
        ),
        "loans_empty": lambda reader, _seen: loans(reader, []),
        **{f"loan_{state}": _loan(state) for state in STATES},
        "loan_unknown": _unknown,
        "loan_prepaying": _prepaying,
        "sign_in": lambda _reader, _seen: SignIn(),
        "sign_in_error": _sign_in,
        "sign_in_code": lambda _reader, _seen: SignInCode("16100000001", 5),
        "sign_in_wrong_code": _wrong_code,
        "signed_out": lambda _reader, _seen: SignedOut(),
        "timed_out": lambda _reader, _seen: SignedOut(timed_out=True),
        "arrived": lambda reader, seen: arrived(reader, seen["session"], LINK),
        "arrived_firm": lambda reader, seen: arrived(reader, seen["session_firm"], LINK),
        **{
            f"ended_{stage}": _ended(stage)
            for stage in ("cash", "authorized", "cancelled", "expired")
        },
        "paid_elsewhere": lambda reader, _seen: paid_elsewhere(reader, "haitai"),
        "declare_session": lambda r, _seen: declare(r, "haitai", ("HT-TV-75",), link=LINK),
        "approved_part_signed": _part_signed,
        "waiting": lambda reader, _seen: Waiting("ap_x", (reader.lender("shenpu_bank"),)),
        "who_known": lambda _reader, _seen: WhoKnown(),
        "who_known_error": _who_known,
        "who_new": lambda _reader, _seen: WhoNew(),
        "who_new_error": _who_new,
        "fees": lambda reader, _seen: fees(reader, date(2026, 11, 2)),
        "asking_visitor": lambda reader, _seen: asking(reader, None),
        "asking": lambda reader, seen: asking(reader, seen["requests"]),
        "asking_loan": lambda reader, seen: asking(
            reader, seen["requests_none"], None, "ln_x", "shenpu_bank"
        ),
        "asking_error": _asking,
        "mine": lambda reader, seen: mine(reader, {**seen["data"], "contacts": [CONTACT]}),
        "mine_empty": lambda reader, seen: mine(
            reader, {**seen["data"], "consents": [], "looks": [], "contacts": []}
        ),
        "town": _town,
        "town_bought": lambda reader, _seen: town(
            reader, Sandbox(list, lambda: None), date(2026, 11, 2), bought=True
        ),
        "phone": lambda _reader, _seen: phone([{"mobile": "16100000001", "text": "12345678"}]),
        "phone_empty": lambda _reader, _seen: phone([]),
        "problem_expired": lambda reader, _seen: problem(
            reader, ConflictError("quote.expired", "It has expired."), back="/buy/haitai/HT-TV-75"
        ),
        "problem_outage": lambda reader, _seen: problem(reader, UnavailableError("rail", "No.")),
        "problem_lost": lambda reader, _seen: problem_of_status(reader, 404),
        "problem_ours": lambda reader, _seen: problem_of_status(reader, 500),
    }
)

SIGNED_OUT = (
    "sign_in",
    "sign_in_error",
    "sign_in_code",
    "sign_in_wrong_code",
    "signed_out",
    "timed_out",
    "arrived",
    "arrived_firm",
    "who_known",
    "who_known_error",
    "who_new",
    "who_new_error",
    "phone",
    "phone_empty",
    "fees",
    "town",
    "town_bought",
    "asking_visitor",
)


def page_of(case: str, language: Language, **more: Any) -> Page:  # noqa: ANN401 - fields of Page
    page = Page(language=language, csrf="csrf-text", path="/page", query={"plan": "a b"})
    return replace(page, signed_in=case not in SIGNED_OUT, **more)


def html(case: str, answers: Answers, language: Language, **more: Any) -> str:  # noqa: ANN401 - as above
    view = CASES[case](Reader(answers.shelf, language), answers)
    return render(page_of(case, language, **more), view)
