from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.connectors.keyfile import KeyMaterial
from sanshi.connectors.keys import LocalKeys, ed25519_verify
from sanshi.evidence import merkle
from sanshi.evidence.receipts import (
    Receipt,
    SignedHead,
    TreeHead,
    commit,
    commitment,
    entry_hash,
    leaf_of,
    sign_head,
)
from sanshi.evidence.verdict import verify_receipt
from sanshi.kernel.errors import ImpossibleError, InputError

_KEYS = LocalKeys(KeyMaterial({1: b"m" * 32}, 1, b"s" * 32))
_SALT = bytes(range(32))
_CONTENT = {"purpose": "购买家电", "amount_fen": 570000, "fields": ["income", "rent"]}


def _receipt(size: int = 11, index: int = 6) -> dict[str, Any]:
    leaf = leaf_of("consent", "cn_1", _CONTENT, _SALT)
    before = [merkle.leaf_hash(b"other %d" % i) for i in range(index)]
    after = [merkle.leaf_hash(b"later %d" % i) for i in range(size - index - 1)]
    log, nodes = merkle.append(merkle.EMPTY, [*before, entry_hash(leaf), *after])
    rows = {(node.level, node.index): node.digest for node in nodes}
    head = TreeHead("demo", size, merkle.root(log), "2026-11-22T05:00:00.000000Z")
    receipt = Receipt(
        kind=leaf.kind,
        subject=leaf.subject,
        content=_CONTENT,
        salt=_SALT,
        commitment=leaf.content_hash,
        leaf_index=index,
        proof=merkle.inclusion_proof(index, size, lambda *at: rows[at]),
        head=sign_head(head, _KEYS.sign),
        public_key=_KEYS.public_key(),
    )
    document: dict[str, Any] = json.loads(json.dumps(receipt.as_json(), ensure_ascii=False))
    return document


def _failed(document: object, trusted: bytes | None = None) -> list[str]:
    verdict = verify_receipt(document, ed25519_verify, trusted)
    return [step.name for step in verdict.steps if step.outcome == "fail"]


def test_a_receipt_survives_json_and_is_proven_with_the_trusted_key() -> None:
    document = _receipt()
    assert Receipt.from_json(document).as_json() == document
    verdict = verify_receipt(document, ed25519_verify, _KEYS.public_key())
    assert verdict.proven
    assert verdict.intact
    assert verdict.reasons == ()
    assert [step.outcome for step in verdict.steps] == ["pass"] * 4


def test_without_a_trusted_key_it_is_intact_but_not_proven() -> None:
    verdict = verify_receipt(_receipt(), ed25519_verify, None)
    assert verdict.intact
    assert not verdict.proven
    assert [reason.code for reason in verdict.reasons] == ["evidence.key_unknown"]
    assert json.loads(json.dumps(verdict.as_json()))["steps"][3]["outcome"] == "unknown"


def test_another_trusted_key_fails_that_step_alone() -> None:
    other = LocalKeys(KeyMaterial({1: b"m" * 32}, 1, b"t" * 32)).public_key()
    assert _failed(_receipt(), other) == ["key_trusted"]


@pytest.mark.parametrize(
    ("change", "step"),
    [
        ({"kind": "contract"}, "content_matches_commitment"),
        ({"subject": "cn_2"}, "content_matches_commitment"),
        ({"content": {**_CONTENT, "amount_fen": 570001}}, "content_matches_commitment"),
        ({"salt": "00" * 32}, "content_matches_commitment"),
        ({"leaf_index": 7}, "leaf_in_tree"),
        ({"proof": []}, "leaf_in_tree"),
        ({"public_key": "00" * 32}, "head_signed"),
        ({"public_key": "aabb"}, "head_signed"),
    ],
)
def test_each_changed_field_fails_its_own_step(change: dict[str, object], step: str) -> None:
    assert _failed({**_receipt(), **change}) == [step]


@pytest.mark.parametrize(
    ("change", "steps"),
    [
        ({"log_id": "other"}, ["head_signed"]),
        ({"timestamp": "2026-11-23T05:00:00.000000Z"}, ["head_signed"]),
        ({"signature": "00" * 64}, ["head_signed"]),
        ({"signature": ""}, ["head_signed"]),
        ({"size": 12}, ["head_signed"]),
        ({"root": "00" * 32}, ["leaf_in_tree", "head_signed"]),
    ],
)
def test_each_changed_field_of_the_head_fails(change: dict[str, object], steps: list[str]) -> None:
    document = _receipt()
    document["head"] |= change
    assert _failed(document) == steps


def test_a_whole_receipt_made_up_under_another_key_is_caught_by_the_trusted_key_alone() -> None:
    forger = LocalKeys(KeyMaterial({1: b"m" * 32}, 1, b"f" * 32))
    receipt = Receipt.from_json(_receipt())
    forged = replace(
        receipt, head=sign_head(receipt.head.head, forger.sign), public_key=forger.public_key()
    )
    assert _failed(forged.as_json(), _KEYS.public_key()) == ["key_trusted"]
    assert _failed(forged.as_json(), None) == []


def _hex_places(document: dict[str, Any]) -> Iterator[tuple[list[str | int], int]]:
    for name in ("salt", "commitment", "public_key"):
        yield [name], len(document[name])
    for name in ("root", "signature"):
        yield ["head", name], len(document["head"][name])
    for i, sibling in enumerate(document["proof"]):
        yield ["proof", i], len(sibling)


@given(st.data())
def test_any_changed_byte_fails(data: st.DataObject) -> None:
    document = copy.deepcopy(_RECEIPT)
    path, length = data.draw(st.sampled_from(list(_hex_places(document))))
    at = data.draw(st.integers(0, length - 1))
    holder: Any = document
    for step in path[:-1]:
        holder = holder[step]
    old = holder[path[-1]]
    digit = data.draw(st.sampled_from([c for c in "0123456789abcdef" if c != old[at]]))
    holder[path[-1]] = old[:at] + digit + old[at + 1 :]
    assert _failed(document) != []


@given(st.integers(1, 40), st.data())
def test_receipts_of_any_place_in_any_log_are_proven(size: int, data: st.DataObject) -> None:
    document = _receipt(size, data.draw(st.integers(0, size - 1)))
    assert verify_receipt(document, ed25519_verify, _KEYS.public_key()).proven


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"format": "sanshi-receipt/v0"}, "receipt.format"),
        ({"kind": 3}, "receipt.kind"),
        ({"content": {"rate": 0.5}}, "receipt.content"),
        ({"salt": "00"}, "receipt.salt"),
        ({"salt": "ZZ" * 32}, "receipt.salt"),
        ({"commitment": 7}, "receipt.commitment"),
        ({"leaf_index": -1}, "receipt.leaf_index"),
        ({"leaf_index": True}, "receipt.leaf_index"),
        ({"leaf_index": "6"}, "receipt.leaf_index"),
        ({"proof": "aa"}, "receipt.proof"),
        ({"proof": ["aa"]}, "receipt.proof[0]"),
        ({"proof": ["00" * 32] * 65}, "receipt.proof"),
        ({"head": None}, "receipt.head"),
        ({"head": {"log_id": "x"}}, "receipt.head.size"),
        ({"note": "paid in full"}, "receipt"),
    ],
)
def test_a_malformed_receipt_names_its_field(change: dict[str, object], field: str) -> None:
    with pytest.raises(InputError) as caught:
        verify_receipt({**_receipt(), **change}, ed25519_verify, None)
    assert caught.value.code == "evidence.malformed"
    assert caught.value.field == field
    assert caught.value.fix


@pytest.mark.parametrize("name", sorted(_receipt()))
def test_a_missing_field_is_named(name: str) -> None:
    document = _receipt()
    del document[name]
    with pytest.raises(InputError) as caught:
        verify_receipt(document, ed25519_verify, None)
    assert caught.value.field == f"receipt.{name}"


@pytest.mark.parametrize("document", [None, [], "text", 7])
def test_what_is_no_receipt_at_all_is_refused(document: object) -> None:
    with pytest.raises(InputError, match="no JSON object"):
        verify_receipt(document, ed25519_verify, None)


def test_a_commitment_is_the_documented_hash() -> None:
    expected = hashlib.sha256(b"sanshi-commitment/v1\x00" + _SALT + b"{}").digest()
    assert commit(_SALT, b"{}") == expected


def test_a_commitment_binds_kind_subject_content_and_salt() -> None:
    whole = commitment("consent", "cn_1", _CONTENT, _SALT)
    assert whole != commitment("contract", "cn_1", _CONTENT, _SALT)
    assert whole != commitment("consent", "cn_2", _CONTENT, _SALT)
    assert whole != commitment("consent", "cn_1", {}, _SALT)
    assert whole != commitment("consent", "cn_1", _CONTENT, bytes(32))


@pytest.mark.parametrize("salt", [b"", b"x" * 31, b"x" * 33])
def test_a_short_salt_is_refused(salt: bytes) -> None:
    with pytest.raises(ImpossibleError, match=r"evidence\.salt_length"):
        commit(salt, b"content")


def test_a_signed_head_survives_json() -> None:
    head = sign_head(TreeHead("demo", 0, merkle.EMPTY_ROOT, "2026-11-22"), _KEYS.sign)
    assert SignedHead.from_json(head.as_json()) == head


_RECEIPT = _receipt()
