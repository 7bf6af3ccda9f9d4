"""Contract 签约: offered as a stored document, served, read, confirmed; a loan is born of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sanshi.catalogue.benefits import Funder
from sanshi.catalogue.products import Merchant
from sanshi.flows.certify_again import Moment, certified_again
from sanshi.flows.confirming import (
    confirmed_steps,
    must_be_the_text,
    must_have_been_read,
    reading_seconds,
)
from sanshi.flows.orders import one_payment_at_a_time
from sanshi.flows.papers import file_paper, read_paper
from sanshi.flows.parts import part_of, seen_from, signed_for
from sanshi.flows.people import must_be_own, read_person
from sanshi.flows.positions import new_position
from sanshi.flows.sessions import bought_once, followed
from sanshi.flows.shards import begun, shard_of_next_loan
from sanshi.flows.steps import new, standing, today
from sanshi.flows.vouchers import reserved
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.dates import utc_text
from sanshi.kernel.effects import Effects, Insert, Leaf, Unique
from sanshi.kernel.errors import ConflictError, NotFoundError
from sanshi.kernel.reasons import Language
from sanshi.ports import Record
from sanshi.quote.terms import LoanTerms


class OfferContract(Command):
    """The approved application, and which of its things the contract is for: the first, if unsaid.

    Each thing bought has a contract of its own, offered and signed one by one.
    """

    application_id: str
    sku: str | None = None
    language: Literal["zh", "en"] = "zh"


class ServeContract(Command):
    """The contract to be opened for reading."""

    contract_id: str


class SignContract(Command):
    """The contract and the hash of the very text that was read."""

    contract_id: str
    content_hash: str
    confirmed: Literal[True]


def _offer(world: World, actor: Actor, command: OfferContract) -> Decided:
    row = _application(world, actor, command.application_id)
    application = standing(world, "application", row["application_id"], row["entity"])
    if application.stage != "approved":
        raise ConflictError(
            "contract.not_approved",
            f"The application is {application.stage}, not approved.",
            field="application_id",
        )
    asked = seen_from(read_paper(world, row["document_id"]).content, command.sku)
    certificate = certified_again(world, row, asked, Moment("quote"))
    if not certificate.lawful:
        return Decided({"offered": False, "certificate": certificate.as_json()})
    person = read_person(world, row["person_id"])
    contract_id = world.ids.new("ct")
    values = _values(world, contract_id, person.full_name, asked, certificate.as_json())
    paper = file_paper(
        world,
        entity=row["entity"],
        person_id=person.person_id,
        wrapped_key=person.wrapped_key,
        kind="contract",
        subject=contract_id,
        content={"html": _render(world, command.language, values), "values": values},
        evidenced=False,
    )
    entry = Insert(
        "contract",
        {
            "contract_id": contract_id,
            "entity": row["entity"],
            "application_id": row["application_id"],
            "person_id": person.person_id,
            "document_id": paper.document_id,
            "terms": asked["plan"]["terms"],
        },
    )
    offered = new("contract", contract_id, row["entity"])
    step = today(world, offered, "offered", sku=asked["sku"])
    answer = {
        "offered": True,
        "contract_id": contract_id,
        "sku": asked["sku"],
        "content_hash": paper.content_hash.hex(),
    }
    return Decided(answer, step + paper.effects + Effects(rows=(entry,)))


def _serve(world: World, actor: Actor, command: ServeContract) -> Decided:
    row = _contract(world, actor, command.contract_id)
    paper = read_paper(world, row["document_id"])
    step = today(
        world,
        standing(world, "contract", row["contract_id"], row["entity"]),
        "served",
        served_at=utc_text(world.clock.now()),
        content_hash=paper.content_hash.hex(),
    )
    answer = {
        "html": paper.content["html"],
        "content_hash": paper.content_hash.hex(),
        "reading_seconds": reading_seconds(world, row),
    }
    return Decided(answer, step)


def _sign(world: World, actor: Actor, command: SignContract) -> Decided:
    row = _contract(world, actor, command.contract_id)
    contract = standing(world, "contract", row["contract_id"], row["entity"])
    paper = read_paper(world, row["document_id"])
    must_be_the_text(paper, command.content_hash)
    must_have_been_read(world, row, paper)
    asked = _asked(world, row)
    application = _application_row(world, row)
    _must_be_the_only_one(world, row, asked["sku"], application["session_id"])
    # The command is the last step itself: this very text is confirmed before it binds anyone.
    steps = confirmed_steps(world, row, paper) | {"confirmed_before_contract"}
    certificate = certified_again(world, application, asked, Moment("sign", steps=steps))
    if not certificate.lawful:
        return Decided({"signed": False, "certificate": certificate.as_json()})
    loan_id = world.ids.new("ln")
    signed = today(world, contract, "signed", loan_id=loan_id, steps=sorted(steps))
    leaf = Leaf("contract", row["contract_id"], paper.content_hash)
    answer = {"signed": True, "loan_id": loan_id, "contract_id": row["contract_id"]}
    # Of two contracts for one thing that are signed at once, one alone becomes a loan.
    only = Unique("signed", f"{row['application_id']}:{asked['sku']}", "", answer)
    session_id = application["session_id"]
    effects = signed + _new_loan(world, {**row, "session_id": session_id}, asked, loan_id)
    effects = effects + followed(world, session_id, "authorized", loan_id=loan_id)
    effects = effects + bought_once(session_id, asked["sku"], answer)
    return Decided(answer, effects + Effects(leaves=(leaf,), guards=(only,)))


def _must_be_the_only_one(world: World, row: Record, sku: str, session_id: str | None) -> None:
    signed = signed_for(world, row["application_id"]).get(sku, row["contract_id"])
    if signed != row["contract_id"] or sku in _bought_in(world, session_id):
        raise ConflictError(
            "contract.already_signed",
            "A contract for this purchase has been signed.",
            field="contract_id",
            fix="Ask for a new quote for another purchase.",
        )


def _bought_in(world: World, session_id: str | None) -> set[str]:
    """Return what was bought on credit in a checkout session; a loan given up counts too."""
    if session_id is None:
        return set()
    loans = world.store.rows("loan", {"session_id": session_id})
    contracts = (world.store.row("contract", contract_id=loan["contract_id"]) for loan in loans)
    return {part_of(world, contract) for contract in contracts if contract is not None}


def _new_loan(world: World, row: Record, asked: Mapping[str, Any], loan_id: str) -> Effects:
    terms = LoanTerms.from_json(row["terms"])
    shard = shard_of_next_loan(world)
    entry = Insert(
        "loan",
        {
            "loan_id": loan_id,
            "entity": row["entity"],
            "contract_id": row["contract_id"],
            "person_id": row["person_id"],
            "merchant": asked["merchant"],
            "shard": shard,
            "books_version": 0,
            "terms": terms.as_json(),
            "session_id": row["session_id"],
        },
    )
    plan = asked["plan"]
    bought = {name: plan[name] for name in ("price_fen", "net_price_fen", "benefits")}
    step = today(world, new("loan", loan_id, row["entity"]), "agreed", **bought)
    vouchers = reserved(world, row["person_id"], plan["benefits"], loan_id)
    rows = (entry, new_position(loan_id, row["entity"], shard), one_payment_at_a_time(loan_id))
    return step + vouchers + begun(world, row["entity"], shard) + Effects(rows=rows)


def _render(world: World, language: Language, values: dict[str, Any]) -> str:
    return world.documents.render("contract", language, values)


def _values(
    world: World, contract_id: str, full_name: str, asked: dict[str, Any], certificate: object
) -> dict[str, Any]:
    plan = asked["plan"]
    lender = world.catalogue.lenders[plan["lender"]]
    merchant = world.catalogue.merchants[asked["merchant"]]
    good = next(good for good in merchant.goods if good.sku == asked["sku"])
    product = world.catalogue.products[plan["product"]]
    return {
        "contract_id": contract_id,
        "signed_on": world.clock.business_date().isoformat(),
        "borrower": full_name,
        "lender": {"zh": lender.zh, "en": lender.en},
        "merchant": {"zh": merchant.zh, "en": merchant.en},
        "good": {"zh": good.zh, "en": good.en, "sku": good.sku},
        "product": {"zh": product.zh, "en": product.en},
        "names": _names(world, asked),
        "entrusted_payment": product.entrusted_payment,
        "plan": plan,
        "certificate": certificate,
    }


def _names(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """Return the names behind the ids of a plan's benefits; the document refuses if one lacks."""
    lines = asked["plan"]["benefits"]["lines"]
    known, funders = world.catalogue.benefits, world.catalogue.funders
    payers: dict[str, Funder | Merchant] = {
        **funders,
        asked["merchant"]: world.catalogue.merchants[asked["merchant"]],
    }
    benefits = {line["benefit"] for line in lines} & known.keys()
    paying = {part["funder"] for line in lines for part in line["funded"]} & payers.keys()
    return {
        "benefits": {
            name: {"zh": known[name].zh, "en": known[name].en, "on_return": known[name].on_return}
            for name in sorted(benefits)
        },
        "funders": {
            name: {"zh": payers[name].zh, "en": payers[name].en} for name in sorted(paying)
        },
    }


def _asked(world: World, row: Record) -> dict[str, Any]:
    """Return what was asked, as seen from the part that a contract is about."""
    asked = read_paper(world, _application_row(world, row)["document_id"]).content
    return seen_from(asked, part_of(world, row))


def _application_row(world: World, row: Record) -> Record:
    found = world.store.row("application", application_id=row["application_id"])
    if found is None:
        raise NotFoundError("application.unknown", "There is no such application.")
    return found


def _application(world: World, actor: Actor, application_id: str) -> Record:
    row = _application_row(world, {"application_id": application_id})
    must_be_own(actor, row["person_id"])
    return row


def _contract(world: World, actor: Actor, contract_id: str) -> Record:
    row = world.store.row("contract", contract_id=contract_id)
    if row is None:
        raise NotFoundError("contract.unknown", "There is no such contract.", field="contract_id")
    must_be_own(actor, row["person_id"])
    return row


OFFER = Flow("offer_contract", frozenset({"consumer", "system"}), OfferContract, _offer)
SERVE = Flow("serve_contract", frozenset({"consumer"}), ServeContract, _serve)
SIGN = Flow("sign_contract", frozenset({"consumer"}), SignContract, _sign)
