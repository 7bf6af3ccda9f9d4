"""Papers: what was shown, agreed or decided, sealed under the person's key and evidenced.

A paper is canonical JSON {salt, content}. Its commitment is the evidence leaf; destroying the
person's key destroys content and salt, and the leaf then says nothing to anyone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sanshi.evidence.receipts import commitment
from sanshi.flows.world import World
from sanshi.kernel.canonical import canonical_json
from sanshi.kernel.effects import Effects, Insert, Leaf
from sanshi.kernel.errors import ImpossibleError, NotFoundError


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as it is read back."""

    document_id: str
    entity: str
    kind: str
    subject: str
    person_id: str
    content: Any
    salt: bytes
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class Filed:
    """A paper about to be stored: its id, its hash, and the effects that store it."""

    document_id: str
    content_hash: bytes
    effects: Effects


def file_paper(
    world: World,
    *,
    entity: str,
    person_id: str,
    wrapped_key: bytes,
    kind: str,
    subject: str,
    content: object,
    evidenced: bool = True,
) -> Filed:
    """Seal a paper; with `evidenced` its commitment becomes a leaf of the evidence log."""
    document_id = world.ids.new("dc")
    salt = world.keys.salt()
    content_hash = commitment(kind, subject, content, salt)
    plain = canonical_json({"salt": salt.hex(), "content": content})
    row = Insert(
        "document",
        {
            "document_id": document_id,
            "entity": entity,
            "kind": kind,
            "subject": subject,
            "person_id": person_id,
            "content_hash": content_hash,
            "sealed": world.keys.seal(wrapped_key, plain, document_id),
        },
    )
    leaves = (Leaf(kind, subject, content_hash),) if evidenced else ()
    return Filed(document_id, content_hash, Effects(rows=(row,), leaves=leaves))


def read_paper(world: World, document_id: str) -> Paper:
    """Open a paper and check that it is the one that was filed."""
    row = world.store.row("document", document_id=document_id)
    if row is None:
        raise NotFoundError("document.unknown", f"There is no document {document_id}.")
    person = world.store.row("person", person_id=row["person_id"])
    if person is None or person["wrapped_key"] is None:
        raise NotFoundError("document.erased", "The person's data have been erased.")
    plain = world.keys.unseal(bytes(person["wrapped_key"]), bytes(row["sealed"]), document_id)
    stored = json.loads(plain)
    salt = bytes.fromhex(stored["salt"])
    content_hash = commitment(row["kind"], row["subject"], stored["content"], salt)
    if content_hash != bytes(row["content_hash"]):
        raise ImpossibleError(
            "document.altered", f"Document {document_id} is not what was filed.", field="content"
        )
    return Paper(
        document_id=document_id,
        entity=row["entity"],
        kind=row["kind"],
        subject=row["subject"],
        person_id=row["person_id"],
        content=stored["content"],
        salt=salt,
        content_hash=content_hash,
    )
