"""Checkout sessions 收银会话: what a shop asks for, and what became of it at the lender's pages.

The shop opens one and sends the buyer to its page. There the buyer chooses: to pay in full, which
costs nobody a look at their data, or a plan. What the shop learns is how it ended, never why.
"""

from __future__ import annotations

import hmac
import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from sanshi.catalogue.products import Good, Merchant
from sanshi.flows.steps import Standing, new, standing, today
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.dates import utc_text
from sanshi.kernel.effects import Effects, Insert, Json, Unique, Update
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from sanshi.kernel.money import MAX_FEN
from sanshi.ports import Record

MAX_ITEMS = 3
"""More things than a car, its plate and one more are no one purchase."""

SESSION_HOURS = 24
"""How long a buyer may take; a plan that is quoted in it stands for less."""

GOING_ON = frozenset({"open", "in_review"})
"""Stages in which a buyer may still choose."""

Host = Literal["merchant", "platform", "bank", "payment_firm"]
Fen = Annotated[int, Field(ge=0, le=MAX_FEN)]
_URL = re.compile(
    r"https://[^\s/?#@\\]+(/[^\s\\]*)?|http://(localhost|127\.0\.0\.1)(:\d+)?(/[^\s\\]*)?"
)


def _checked_url(text: str) -> str:
    if not _URL.fullmatch(text):
        raise ValueError(
            "an address is https://host/path, without a user name and blanks; "
            "http is for this very machine alone"
        )
    return text


Url = Annotated[str, StringConstraints(max_length=500), AfterValidator(_checked_url)]
"""Where a browser is sent: https, or this very machine while somebody tries things out."""


class Item(Command):
    """A thing that is bought, by the shop's own number for it, and what is paid on it at once."""

    sku: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    down_payment_fen: Fen = 0


class OpenSession(Command):
    """What is bought, and where the buyer goes afterwards. Prices are those of the catalogue.

    Args:
        reference: the shop's own number of the order.
        host: whose page the buyer comes from. At a payment firm 非银行支付机构 loans are no
            payment option: the buyer opens the lender's page from a place of its own.
    """

    reference: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    items: Annotated[tuple[Item, ...], Field(strict=False, min_length=1, max_length=MAX_ITEMS)]
    host: Host = "merchant"
    language: Literal["zh", "en"] = "zh"
    return_url: Url
    cancel_url: Url


class OneSession(Command):
    """The session that is meant."""

    session_id: str


def _open(world: World, actor: Actor, command: OpenSession) -> Decided:
    merchant = merchant_of(world, actor)
    for number, item in enumerate(command.items):
        good = good_of(merchant, item.sku, f"items.{number}.sku")
        if item.down_payment_fen >= good.price_fen:
            raise InputError(
                "session.down_payment",
                f"{item.down_payment_fen} fen of {good.price_fen} paid at once leave nothing.",
                field=f"items.{number}.down_payment_fen",
                fix="Send less than the price.",
            )
    if len({item.sku for item in command.items}) < len(command.items):
        raise InputError(
            "session.twice",
            "The same thing stands twice in one session.",
            field="items",
            fix="Open a session for each, or leave one out.",
        )
    session_id = world.ids.new("se")
    now = world.clock.now()
    row = {
        "session_id": session_id,
        "entity": merchant.id,
        **command.model_dump(mode="json"),
        "person_id": None,
        "opened_at": now,
        "expires_at": now + timedelta(hours=SESSION_HOURS),
    }
    at = new("session", session_id, merchant.id)
    step = today(world, at, "opened", reference=command.reference)
    return Decided(
        _answer(world, row, "open"), step + Effects(rows=(Insert("checkout_session", row),))
    )


def _view(world: World, actor: Actor, command: OneSession) -> Decided:
    row = session_row(world, command.session_id)
    _must_be_theirs(actor, row)
    return Decided(seen(world, row))


def _cancel(world: World, actor: Actor, command: OneSession) -> Decided:
    row = session_row(world, command.session_id)
    _must_be_theirs(actor, row)
    _must_go_on(world, row)
    step = today(world, standing_of(world, row), "cancelled") + _let_go(world, row)
    return Decided(_answer(world, row, "cancelled"), step)


def _choose_cash(world: World, _actor: Actor, command: OneSession) -> Decided:
    row = session_row(world, command.session_id)
    must_be_in_time(world, row)
    _must_go_on(world, row)
    step = today(world, standing_of(world, row), "cash_chosen") + _let_go(world, row)
    return Decided(_answer(world, row, "cash"), step)


def _expire(world: World, _actor: Actor, command: OneSession) -> Decided:
    row = session_row(world, command.session_id)
    if world.clock.now() < row["expires_at"]:
        raise ConflictError("session.not_yet", "This session still stands.", field="session_id")
    step = today(world, standing_of(world, row), "expired") + _let_go(world, row)
    return Decided(_answer(world, row, "expired"), step)


def link_of(world: World, session_id: str) -> str:
    """Return the part of a session's address that nobody can guess."""
    return f"{session_id}-{world.keys.blind('checkout_link', session_id)[:32]}"


def session_at(world: World, link: str) -> str:
    """Return the id of the session that an address leads to."""
    session_id, _, _ = link.partition("-")
    if not link.isascii() or not hmac.compare_digest(link, link_of(world, session_id)):
        raise _unknown()
    return session_id


def merchant_of(world: World, actor: Actor) -> Merchant:
    """Return the shop that acts."""
    merchant = world.catalogue.merchants.get(actor.entity)
    if merchant is None:
        raise ForbiddenError(
            "access.no_shop",
            f"{actor.entity!r} is not a shop of the packs in use.",
            fix="Use a key that was issued to a shop.",
        )
    return merchant


def good_of(merchant: Merchant, sku: str, field: str) -> Good:
    """Return a thing that a shop sells."""
    for good in merchant.goods:
        if good.sku == sku:
            return good
    raise InputError(
        "quote.sku",
        f"{merchant.en} does not sell {sku!r}.",
        field=field,
        fix=f"On sale: {', '.join(good.sku for good in merchant.goods)}.",
    )


def session_row(world: World, session_id: str) -> Record:
    """Return a session's row."""
    row = world.store.row("checkout_session", session_id=session_id)
    if row is None:
        raise _unknown()
    return row


def standing_of(world: World, row: Record) -> Standing:
    """Return where a session stands."""
    return standing(world, "session", row["session_id"], row["entity"])


def must_be_in_time(world: World, row: Record) -> None:
    """Refuse a session whose time is over, whether or not a job has marked it."""
    if world.clock.now() >= row["expires_at"]:
        raise ConflictError(
            "session.expired",
            "This checkout was opened too long ago.",
            field="session_id",
            fix="Go back to the shop and check out again.",
        )


def followed(world: World, session_id: str | None, event: str, **data: Json) -> Effects:
    """Return the step of a session that follows from what the buyer did; none without a session."""
    if session_id is None:
        return Effects()
    row = session_row(world, session_id)
    at = standing_of(world, row)
    if at.stage in GOING_ON:  # the second of two contracts may be signed on another day
        must_be_in_time(world, row)
    return today(world, at, event, **data)


def applied_in(
    world: World, session_id: str | None, person_id: str, application_id: str
) -> Effects:
    """Return the step of a session in which somebody applies: it is theirs from then on."""
    if session_id is None:
        return Effects()
    if session_row(world, session_id)["person_id"] not in {None, person_id}:
        raise ConflictError(
            "session.taken",
            "Somebody else has applied in this checkout.",
            field="session_id",
            fix="Go back to the shop and check out yourself.",
        )
    step = followed(world, session_id, "applied", application_id=application_id)
    key = {"session_id": session_id}
    return step + Effects(rows=(Update("checkout_session", key, {"person_id": person_id}),))


def open_again(world: World, session_id: str | None, refused: str) -> Effects:
    """Return the step after an application was refused: the buyer may still choose otherwise.

    Nothing changes while another application of the same checkout may still come to something.
    """
    if session_id is None:
        return Effects()
    at = standing_of(world, session_row(world, session_id))
    others = [row for row in _live(world, session_id) if row["application_id"] != refused]
    return Effects() if others or at.stage != "in_review" else today(world, at, "declined")


def _live(world: World, session_id: str) -> tuple[Record, ...]:
    stages = ("draft", "referred", "approved")
    return world.store.in_stage("application", "application_id", stages, {"session_id": session_id})


def _let_go(world: World, row: Record) -> Effects:
    """Return the end of a session's applications: nothing is left that anybody may look into."""
    effects = Effects()
    for live in _live(world, row["session_id"]):
        at = Standing(
            "application", live["application_id"], live["entity"], live["version"], live["stage"]
        )
        effects = effects + today(world, at, "withdrawn")
    return effects


def bought_once(session_id: str | None, sku: str, answer: Json) -> Effects:
    """Guard: of two buyers, or two tabs, in one session, one alone buys a thing on credit."""
    if session_id is None:
        return Effects()
    return Effects(guards=(Unique("bought", f"{session_id}:{sku}", "", answer),))


def must_be_of(world: World, session_id: str, merchant: str, items: list[dict[str, Any]]) -> Record:
    """Return the session that a quote is made for; it quotes what the shop asked for."""
    row = session_row(world, session_id)
    must_be_in_time(world, row)
    _must_go_on(world, row)
    if row["entity"] != merchant or row["items"] != items:
        raise InputError(
            "session.other_goods",
            "The session is about other things than this quote.",
            field="session_id",
            fix="Quote what the session lists, or nothing for it.",
        )
    return row


def _must_go_on(world: World, row: Record) -> None:
    if standing_of(world, row).stage not in GOING_ON:
        raise ConflictError(
            "session.over",
            "This checkout has ended.",
            field="session_id",
            fix="Check out again; to give up what was signed, void its authorization.",
        )


def _must_be_theirs(actor: Actor, row: Record) -> None:
    if actor.role == "merchant" and actor.entity != row["entity"]:
        raise _unknown()  # as if it did not exist: an id tells nothing to another shop


def _unknown() -> NotFoundError:
    return NotFoundError("session.unknown", "There is no such session.", field="session_id")


def seen(world: World, row: Record) -> dict[str, Json]:
    """Return a session as its shop sees it; one whose time is over has ended, marked or not."""
    stage = standing_of(world, row).stage
    late = stage in GOING_ON and world.clock.now() >= row["expires_at"]
    return _answer(world, row, "expired" if late else stage)


def _answer(world: World, row: Record, stage: str) -> dict[str, Json]:
    merchant = world.catalogue.merchants.get(row["entity"])  # it may have left since
    goods = {good.sku: good for good in merchant.goods} if merchant else {}
    loans = world.store.rows("loan", {"session_id": row["session_id"]}, order_by=("loan_id",))
    return {
        "session_id": row["session_id"],
        # That somebody is looked at, or was refused, is not for the shop to know.
        "stage": "open" if stage == "in_review" else stage,
        "merchant": row["entity"],
        "reference": row["reference"],
        "host": row["host"],
        "language": row["language"],
        "items": [
            {
                **item,
                "zh": goods[item["sku"]].zh,
                "en": goods[item["sku"]].en,
                "price_fen": goods[item["sku"]].price_fen,
            }
            for item in row["items"]
            if item["sku"] in goods
        ],
        "return_url": row["return_url"],
        "cancel_url": row["cancel_url"],
        "expires_at": utc_text(row["expires_at"]),
        "authorizations": [loan["loan_id"] for loan in loans],
    }


OPEN_SESSION = Flow("open_session", frozenset({"merchant"}), OpenSession, _open)
VIEW_SESSION = Flow(
    "view_session", frozenset({"merchant", "consumer", "system"}), OneSession, _view
)
CANCEL_SESSION = Flow("cancel_session", frozenset({"merchant"}), OneSession, _cancel)
CHOOSE_CASH = Flow("choose_cash", frozenset({"consumer"}), OneSession, _choose_cash)
EXPIRE_SESSION = Flow("expire_session", frozenset({"system"}), OneSession, _expire)
