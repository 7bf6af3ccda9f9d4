"""Checking a receipt: four named steps, each with its outcome and the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sanshi.evidence.merkle import leaf_hash, verify_inclusion
from sanshi.evidence.receipts import Receipt, SignatureCheck, commitment
from sanshi.kernel.reasons import Reason, Scalar

StepName = Literal["content_matches_commitment", "leaf_in_tree", "head_signed", "key_trusted"]
StepOutcome = Literal["pass", "fail", "unknown"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a check, its outcome and why."""

    name: StepName
    outcome: StepOutcome
    reason: Reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check of a receipt found."""

    steps: tuple[Step, ...]

    @property
    def intact(self) -> bool:
        """Nothing failed. Whether the key is the lender's may still be unknown."""
        return all(step.outcome != "fail" for step in self.steps)

    @property
    def proven(self) -> bool:
        """Every step passed, the key being one that the reader already trusts."""
        return all(step.outcome == "pass" for step in self.steps)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why the receipt is not proven; empty when it is."""
        return tuple(step.reason for step in self.steps if step.outcome != "pass")

    def as_json(self) -> dict[str, object]:
        """Return the verdict as a document."""
        return {
            "intact": self.intact,
            "proven": self.proven,
            "steps": [
                {"name": s.name, "outcome": s.outcome, "reason": s.reason.as_json()}
                for s in self.steps
            ],
        }


def verify_receipt(
    receipt_json: object,
    verify_signature: SignatureCheck,
    trusted_key: bytes | None,
) -> Verdict:
    """Check a receipt document offline; a malformed one raises InputError naming the field.

    `trusted_key` is the log's public key as the reader knows it from elsewhere; with None the
    last step stays unknown, because a receipt cannot vouch for its own key.
    """
    receipt = Receipt.from_json(receipt_json)
    return Verdict(
        (
            _content(receipt),
            _inclusion(receipt),
            _signature(receipt, verify_signature),
            _key(receipt, trusted_key),
        )
    )


def _content(receipt: Receipt) -> Step:
    found = commitment(receipt.kind, receipt.subject, receipt.content, receipt.salt)
    return _step(
        "content_matches_commitment",
        Reason("evidence.content_matches", {"kind": receipt.kind}),
        None if found == receipt.commitment else Reason("evidence.content_differs"),
    )


def _inclusion(receipt: Receipt) -> Step:
    head = receipt.head.head
    place: dict[str, Scalar] = {
        "leaf_index": receipt.leaf_index,
        "size": head.size,
        "log_id": head.log_id,
    }
    held = verify_inclusion(
        leaf_hash(receipt.commitment), receipt.leaf_index, head.size, receipt.proof, head.root
    )
    return _step(
        "leaf_in_tree",
        Reason("evidence.leaf_in_tree", place),
        None if held else Reason("evidence.leaf_not_in_tree", place),
    )


def _signature(receipt: Receipt, verify_signature: SignatureCheck) -> Step:
    signed = receipt.head
    held = verify_signature(receipt.public_key, signed.head.statement(), signed.signature)
    return _step(
        "head_signed",
        Reason("evidence.head_signed", {"timestamp": signed.head.timestamp}),
        None if held else Reason("evidence.head_not_signed"),
    )


def _key(receipt: Receipt, trusted_key: bytes | None) -> Step:
    shown: dict[str, Scalar] = {"public_key": receipt.public_key.hex()}
    if trusted_key is None:
        return Step("key_trusted", "unknown", Reason("evidence.key_unknown", shown))
    return _step(
        "key_trusted",
        Reason("evidence.key_trusted", shown),
        None if receipt.public_key == trusted_key else Reason("evidence.key_differs", shown),
    )


def _step(name: StepName, good: Reason, bad: Reason | None) -> Step:
    return Step(name, "pass", good) if bad is None else Step(name, "fail", bad)
