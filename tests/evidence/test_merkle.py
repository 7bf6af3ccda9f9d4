"""The log against published vectors and against RFC 9162 read literally.

Vectors: the Certificate Transparency reference tests, kept in transparency-dev/merkle
(Apache-2.0), testonly/constants.go and proof/verify_test.go.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.evidence import merkle
from sanshi.kernel.errors import ImpossibleError

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]

ROOTS = [
    bytes.fromhex(text)
    for text in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]

_A = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
_B = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
_CD = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
_E = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
_EF = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
_G = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f"
_GH = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
_EFGH = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
_AB = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
_ABCD = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"


def _proof(*texts: str) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(text) for text in texts)


INCLUSION = [  # (leaf index, size, proof)
    (0, 1, _proof()),
    (0, 2, _proof(_B)),
    (1, 2, _proof(_A)),
    (2, 3, _proof(_AB)),
    (1, 5, _proof(_A, _CD, _E)),
    (0, 8, _proof(_B, _CD, _EFGH)),
    (5, 8, _proof(_E, _GH, _ABCD)),
]

CONSISTENCY = [  # (old size, size, proof)
    (1, 1, _proof()),
    (1, 8, _proof(_B, _CD, _EFGH)),
    (6, 8, _proof(_EF, _GH, _ABCD)),
    (2, 5, _proof(_CD, _E)),
    (6, 7, _proof(_EF, _G, _ABCD)),
]

SOME_HASH = bytes.fromhex("abacaba000000000000000000000000000000000000000000060061e00123456")


def mth(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162 section 2.1.1, over whole leaf data, by recursion alone."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = _split(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 9162 section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    """RFC 9162 section 2.1.4.1."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = _split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole=whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], whole=False), mth(leaves[:k])]


def _split(width: int) -> int:
    k = 1
    while k * 2 < width:
        k *= 2
    return k


class Log:
    """A log kept as a store would: a frontier and rows found by (level, index)."""

    def __init__(self, leaves: Sequence[bytes] = ()) -> None:
        self.frontier = merkle.EMPTY
        self.rows: dict[tuple[int, int], bytes] = {}
        self.append(leaves)

    def append(self, leaves: Sequence[bytes]) -> None:
        hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
        self.frontier, nodes = merkle.append(self.frontier, hashes)
        for node in nodes:
            key = (node.level, node.index)
            assert key not in self.rows, "a row is written once"
            self.rows[key] = node.digest

    def lookup(self, level: int, index: int) -> bytes:
        return self.rows[level, index]


_MANY = st.lists(st.binary(max_size=3), min_size=1, max_size=70)
_KNOWN = Log(LEAVES)


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert merkle.root(Log(LEAVES[:size]).frontier) == ROOTS[size]
    assert mth(LEAVES[:size]) == ROOTS[size]  # the oracle below is right as well


def test_published_hashes_of_a_leaf_and_a_node() -> None:
    # transparency-dev/merkle rfc6962/rfc6962_test.go
    leaf = "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    node = "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    assert merkle.leaf_hash(b"L123456").hex() == leaf
    assert merkle.node_hash(b"N123", b"N456").hex() == node


@pytest.mark.parametrize(("index", "size", "proof"), INCLUSION, ids=range(7))
def test_published_inclusion_proofs(index: int, size: int, proof: tuple[bytes, ...]) -> None:
    assert merkle.inclusion_proof(index, size, _KNOWN.lookup) == proof
    leaf, root = merkle.leaf_hash(LEAVES[index]), ROOTS[size]
    assert merkle.verify_inclusion(leaf, index, size, proof, root)
    wrong: list[tuple[bytes, int, int, tuple[bytes, ...], bytes]] = [
        (leaf, index - 1, size, proof, root),
        (leaf, index + 1, size, proof, root),
        (leaf, index ^ 2, size, proof, root),
        (leaf, index, size * 2, proof, root),
        (leaf, index, size // 2, proof, root),
        (b"WrongLeaf", index, size, proof, root),
        (leaf, index, size, proof, ROOTS[0]),
        (leaf, index, size, proof, SOME_HASH),
        (leaf, index, size, (*proof, b""), root),
        (leaf, index, size, (*proof, root), root),
        (leaf, index, size, (b"", *proof), root),
        (leaf, index, size, (root, *proof), root),
        *[(leaf, index, size, _flip(proof, i), root) for i in range(len(proof))],
        *[(leaf, index, size, proof[:-1], root) for _ in proof[:1]],
        *[(leaf, index, size, (proof[0], SOME_HASH, *proof[1:]), root) for _ in proof[1:2]],
    ]
    assert [case for case in wrong if merkle.verify_inclusion(*case)] == []


@pytest.mark.parametrize(("old", "size", "proof"), CONSISTENCY, ids=range(5))
def test_published_consistency_proofs(old: int, size: int, proof: tuple[bytes, ...]) -> None:
    assert merkle.consistency_proof(old, size, _KNOWN.lookup) == proof
    first, second = ROOTS[old], ROOTS[size]
    assert merkle.verify_consistency(old, size, proof, first, second)
    if not proof:
        return
    wrong: list[tuple[int, int, tuple[bytes, ...], bytes, bytes]] = [
        (old - 1, size, proof, first, second),
        (old + 1, size, proof, first, second),
        (old ^ 2, size, proof, first, second),
        (old, size * 2, proof, first, second),
        (old, size // 2, proof, first, second),
        (old, size, proof, b"WrongRoot", second),
        (old, size, proof, first, b"WrongRoot"),
        (old, size, proof, second, first),
        (old, size, (), first, second),
        (old, size, (*proof, b""), first, second),
        (old, size, (*proof, first), first, second),
        (old, size, (*proof, second), first, second),
        (old, size, (b"", *proof), first, second),
        (old, size, (first, *proof), first, second),
        (old, size, (second, *proof), first, second),
        (old, size, (proof[0], *proof), first, second),
        (old, size, proof[:-1], first, second),
        *[(old, size, _flip(proof, i), first, second) for i in range(len(proof))],
    ]
    assert [case for case in wrong if merkle.verify_consistency(*case)] == []


@pytest.mark.parametrize(
    ("old", "size", "first", "second", "proof", "good"),
    [
        (0, 0, ROOTS[0], ROOTS[0], (), True),
        (0, 1, ROOTS[0], ROOTS[1], (), True),
        (1, 1, ROOTS[1], ROOTS[1], (), True),
        (0, 1, ROOTS[1], ROOTS[1], (), False),
        (0, 0, ROOTS[0], ROOTS[1], (), False),
        (1, 1, ROOTS[0], ROOTS[1], (), False),
        (1, 0, ROOTS[1], ROOTS[0], (), False),
        (2, 1, ROOTS[2], ROOTS[1], (), False),
        (1, 2, ROOTS[1], ROOTS[2], (), False),
        (0, 0, ROOTS[0], ROOTS[0], (ROOTS[0],), False),
        (0, 1, ROOTS[0], ROOTS[1], (ROOTS[0],), False),
        (1, 1, ROOTS[1], ROOTS[1], (ROOTS[0],), False),
    ],
    ids=range(12),
)
def test_edges_of_consistency(
    old: int, size: int, first: bytes, second: bytes, proof: tuple[bytes, ...], *, good: bool
) -> None:
    assert merkle.verify_consistency(old, size, proof, first, second) is good


@given(_MANY, st.data())
def test_batches_give_the_root_of_the_definition(leaves: list[bytes], data: st.DataObject) -> None:
    log, left = Log(), leaves
    while left:
        take = data.draw(st.integers(1, len(left)), label="batch")
        log.append(left[:take])
        left = left[take:]
    assert merkle.root(log.frontier) == mth(leaves)
    assert log.rows == Log(leaves).rows
    assert merkle.frontier_at(len(leaves), log.lookup) == log.frontier


@given(_MANY, st.data())
def test_every_stored_node_is_its_complete_subtree(
    leaves: list[bytes], data: st.DataObject
) -> None:
    log = Log(leaves)
    complete = {
        (level, index)
        for level in range(8)
        for index in range(len(leaves) >> level)
        if (index + 1) << level <= len(leaves)
    }
    assert set(log.rows) == complete
    level, index = data.draw(st.sampled_from(sorted(complete)))
    assert log.lookup(level, index) == mth(leaves[index << level : (index + 1) << level])


@given(_MANY, st.data())
def test_inclusion_is_the_definition_at_every_size_and_verifies(
    leaves: list[bytes], data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(leaves)))
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, Log(leaves).lookup)
    assert list(proof) == path(index, leaves[:size])
    leaf, root = merkle.leaf_hash(leaves[index]), mth(leaves[:size])
    assert merkle.verify_inclusion(leaf, index, size, proof, root)
    parts = [leaf, root, *proof]
    hit = data.draw(st.integers(0, len(parts) - 1))
    parts[hit] = _flip_byte(parts[hit], data.draw(st.integers(0, 31)), data)
    assert not merkle.verify_inclusion(parts[0], index, size, parts[2:], parts[1])


@given(_MANY, st.data())
def test_consistency_is_the_definition_and_verifies(
    leaves: list[bytes], data: st.DataObject
) -> None:
    old = data.draw(st.integers(1, len(leaves)))
    proof = merkle.consistency_proof(old, len(leaves), Log(leaves).lookup)
    assert list(proof) == subproof(old, leaves)
    first, second = mth(leaves[:old]), mth(leaves)
    assert merkle.verify_consistency(old, len(leaves), proof, first, second)
    parts = [first, second, *proof]
    hit = data.draw(st.integers(0, len(parts) - 1))
    parts[hit] = _flip_byte(parts[hit], data.draw(st.integers(0, 31)), data)
    assert not merkle.verify_consistency(old, len(leaves), parts[2:], parts[0], parts[1])


@given(_MANY, st.data())
def test_a_rewritten_past_has_no_consistency_proof(
    leaves: list[bytes], data: st.DataObject
) -> None:
    old = data.draw(st.integers(1, len(leaves)))
    changed = data.draw(st.integers(0, old - 1))
    forged = [*leaves[:changed], leaves[changed] + b"x", *leaves[changed + 1 :]]
    proof = merkle.consistency_proof(old, len(leaves), Log(forged).lookup)
    assert not merkle.verify_consistency(old, len(leaves), proof, mth(leaves[:old]), mth(forged))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 5), (5, 5)])
def test_no_proof_for_a_leaf_outside(index: int, size: int) -> None:
    with pytest.raises(ImpossibleError, match=r"evidence\.index"):
        merkle.inclusion_proof(index, size, _KNOWN.lookup)


@pytest.mark.parametrize(("old", "size"), [(-1, 5), (6, 5)])
def test_no_consistency_proof_backwards(old: int, size: int) -> None:
    with pytest.raises(ImpossibleError, match=r"evidence\.size"):
        merkle.consistency_proof(old, size, _KNOWN.lookup)


@pytest.mark.parametrize(
    ("size", "peaks"),
    [(1, ()), (0, (ROOTS[1],)), (3, (ROOTS[1],)), (1, (b"short",)), (-1, ())],
    ids=range(5),
)
def test_a_damaged_frontier_is_refused(size: int, peaks: tuple[bytes, ...]) -> None:
    with pytest.raises(ImpossibleError, match=r"evidence\.frontier"):
        merkle.Frontier(size, peaks)


def test_a_leaf_hash_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ImpossibleError, match=r"evidence\.hash_length"):
        merkle.append(merkle.EMPTY, [b"leaf data, not its hash"])


def _flip(proof: tuple[bytes, ...], index: int) -> tuple[bytes, ...]:
    changed = bytes([proof[index][0] ^ 8]) + proof[index][1:]
    return (*proof[:index], changed, *proof[index + 1 :])


def _flip_byte(value: bytes, at: int, data: st.DataObject) -> bytes:
    mask = data.draw(st.integers(1, 255), label="mask")
    return value[:at] + bytes([value[at] ^ mask]) + value[at + 1 :]
