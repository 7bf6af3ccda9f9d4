"""Receipts: what a person keeps to prove, offline, that a fact was recorded as they saw it.

A receipt carries the content in clear, the salt, the leaf's place, the inclusion proof and the
signed head. `verify_receipt` names each step and its outcome. Nothing is looked up anywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sanshi.evidence.fields import Fields
from sanshi.evidence.merkle import HASH_BYTES, leaf_hash
from sanshi.kernel.canonical import canonical_json
from sanshi.kernel.effects import Leaf
from sanshi.kernel.errors import ImpossibleError

FORMAT: Final = "sanshi-receipt/v1"
HEAD_FORMAT: Final = "sanshi-tree-head/v1"
SALT_BYTES = 32

_COMMITMENT = b"sanshi-commitment/v1\x00"

SignatureCheck = Callable[[bytes, bytes, bytes], bool]
"""(public key, payload, signature) -> whether the signature is that key's over the payload."""


def commit(salt: bytes, content: bytes) -> bytes:
    """Commit to content: binding for ever, and hiding once the 32-byte salt is destroyed."""
    if len(salt) != SALT_BYTES:
        raise ImpossibleError(
            "evidence.salt_length", f"A salt has {SALT_BYTES} bytes, not {len(salt)}."
        )
    return hashlib.sha256(_COMMITMENT + salt + content).digest()


def commitment(kind: str, subject: str, content: object, salt: bytes) -> bytes:
    """Commit to a fact: its kind and subject are bound together with its content."""
    return commit(salt, canonical_json({"kind": kind, "subject": subject, "content": content}))


def leaf_of(kind: str, subject: str, content: object, salt: bytes) -> Leaf:
    """Build the evidence leaf of a fact, for `Effects.leaves`. The caller stores the salt."""
    return Leaf(kind, subject, commitment(kind, subject, content, salt))


def entry_hash(leaf: Leaf) -> bytes:
    """Return what the log stores at level 0 for a leaf."""
    return leaf_hash(leaf.content_hash)


@dataclass(frozen=True, slots=True)
class TreeHead:
    """The state of a log at a moment: what its operator signs. `timestamp` is UTC text."""

    log_id: str
    size: int
    root: bytes
    timestamp: str

    def statement(self) -> bytes:
        """Return the canonical bytes that are signed."""
        return canonical_json(
            {
                "format": HEAD_FORMAT,
                "log_id": self.log_id,
                "root": self.root.hex(),
                "size": self.size,
                "timestamp": self.timestamp,
            }
        )


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A tree head and the signature over its statement."""

    head: TreeHead
    signature: bytes

    def as_json(self) -> dict[str, object]:
        """Return the stored form."""
        return {
            "log_id": self.head.log_id,
            "size": self.head.size,
            "root": self.head.root.hex(),
            "timestamp": self.head.timestamp,
            "signature": self.signature.hex(),
        }

    @classmethod
    def from_json(cls, value: object, field: str = "head") -> SignedHead:
        """Read the stored form, or raise InputError naming the field."""
        fields = Fields(value, field)
        head = TreeHead(
            log_id=fields.text("log_id"),
            size=fields.count("size"),
            root=fields.hexes("root", HASH_BYTES),
            timestamp=fields.text("timestamp"),
        )
        signature = fields.hexes("signature")
        fields.done()
        return cls(head, signature)


def sign_head(head: TreeHead, sign: Callable[[bytes], bytes]) -> SignedHead:
    """Sign a head with the log's key (`Keys.sign`)."""
    return SignedHead(head, sign(head.statement()))


@dataclass(frozen=True, slots=True)
class Receipt:
    """One recorded fact with all that is needed to check it."""

    kind: str
    subject: str
    content: object
    salt: bytes
    commitment: bytes
    leaf_index: int
    proof: tuple[bytes, ...]
    head: SignedHead
    public_key: bytes

    def as_json(self) -> dict[str, object]:
        """Return the document to hand over; every byte string is hex."""
        return {
            "format": FORMAT,
            "kind": self.kind,
            "subject": self.subject,
            "content": self.content,
            "salt": self.salt.hex(),
            "commitment": self.commitment.hex(),
            "leaf_index": self.leaf_index,
            "proof": [sibling.hex() for sibling in self.proof],
            "head": self.head.as_json(),
            "public_key": self.public_key.hex(),
        }

    @classmethod
    def from_json(cls, value: object) -> Receipt:
        """Read a receipt document, or raise InputError naming the field."""
        fields = Fields(value, "receipt")
        fields.exactly("format", FORMAT)
        receipt = cls(
            kind=fields.text("kind"),
            subject=fields.text("subject"),
            content=fields.content("content"),
            salt=fields.hexes("salt", SALT_BYTES),
            commitment=fields.hexes("commitment", HASH_BYTES),
            leaf_index=fields.count("leaf_index"),
            proof=fields.hex_list("proof", HASH_BYTES),
            head=SignedHead.from_json(fields.raw("head"), "receipt.head"),
            public_key=fields.hexes("public_key"),
        )
        fields.done()
        return receipt
