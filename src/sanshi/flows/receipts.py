"""Receipts 回执: a person's proof, checkable offline, that a fact was recorded as they saw it."""

from __future__ import annotations

from sanshi.evidence.merkle import Frontier, inclusion_proof, root
from sanshi.evidence.receipts import Receipt, SignedHead, TreeHead, sign_head
from sanshi.flows.papers import Paper, read_paper
from sanshi.flows.people import audited, must_be_entity, must_be_own
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.dates import utc_text
from sanshi.kernel.effects import Cell, Effects, Insert
from sanshi.kernel.errors import ImpossibleError, NotFoundError
from sanshi.ports import Record

LOG_ID = "main"


class GetReceipt(Command):
    """The document whose receipt is wanted: a consent, a decision or a signed contract."""

    document_id: str


def _decide(world: World, actor: Actor, command: GetReceipt) -> Decided:
    paper = read_paper(world, command.document_id)
    must_be_own(actor, paper.person_id)
    must_be_entity(actor, paper.entity)
    leaf = _leaf(world, paper)
    head, effects = _head_over(world, leaf["leaf_index"])
    receipt = Receipt(
        kind=paper.kind,
        subject=paper.subject,
        content=paper.content,
        salt=paper.salt,
        commitment=paper.content_hash,
        leaf_index=leaf["leaf_index"],
        proof=inclusion_proof(
            leaf["leaf_index"], head.head.size, lambda level, place: _node(world, level, place)
        ),
        head=head,
        public_key=world.keys.public_key(),
    )
    seen = audited(
        world,
        actor,
        entity=paper.entity,
        action="get_receipt",
        subject=command.document_id,
        purpose="receipt",
    )
    return Decided({"receipt": receipt.as_json()}, effects + seen)


def _leaf(world: World, paper: Paper) -> Record:
    for row in world.store.rows("leaf", {"subject": paper.subject, "kind": paper.kind}):
        if bytes(row["content_hash"]) == paper.content_hash and row["leaf_index"] is not None:
            return row
    raise NotFoundError(
        "receipt.not_logged",
        "This document has no place in the evidence log (yet).",
        field="document_id",
        fix="Only consents, decisions and signed contracts are logged; a new one takes a moment.",
    )


def _head_over(world: World, leaf_index: int) -> tuple[SignedHead, Effects]:
    """Return a signed head that covers a leaf: the newest one, or one signed now."""
    newest = world.store.rows("tree_head", order_by=("size",), after={"size": leaf_index})
    if newest:
        return _stored(newest[-1]), Effects()
    state = world.store.row("log_state", log_id=LOG_ID)
    if state is None:
        raise ImpossibleError("evidence.no_state", "The evidence log has no state row.")
    peaks = bytes(state["peaks"])
    frontier = Frontier(state["size"], tuple(peaks[i : i + 32] for i in range(0, len(peaks), 32)))
    now = world.clock.now()
    head = TreeHead(LOG_ID, frontier.size, root(frontier), utc_text(now))
    signed = sign_head(head, world.keys.sign)
    row: dict[str, Cell] = {
        "size": frontier.size,
        "root": head.root,
        "signed_at": now,
        "signature": signed.signature,
    }
    return signed, Effects(rows=(Insert("tree_head", row),))


def _stored(row: Record) -> SignedHead:
    head = TreeHead(LOG_ID, row["size"], bytes(row["root"]), utc_text(row["signed_at"]))
    return SignedHead(head, bytes(row["signature"]))


def _node(world: World, level: int, place: int) -> bytes:
    row = world.store.row("tree_node", level=level, position=place)
    if row is None:
        raise ImpossibleError("evidence.no_node", f"Node {level}/{place} is missing.")
    return bytes(row["hash"])


RECEIPT = Flow("get_receipt", frozenset({"consumer", "audit"}), GetReceipt, _decide)
