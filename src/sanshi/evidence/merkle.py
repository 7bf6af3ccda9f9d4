"""The Merkle tree of RFC 9162 (section 2.1), append only, over SHA-256.

A log is kept as two things: every complete subtree, one row each, found by (level, index) where
level 0 is a leaf; and the *frontier*, the roots of the largest complete subtrees from the left,
enough to append and to give the root without reading a row. All functions are pure; proofs read
rows through a `NodeLookup`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sanshi.kernel.errors import ImpossibleError

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Root of a log without leaves (RFC 9162 section 2.1.1)."""

NodeLookup = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree at (level, index); leaves are level 0."""


@dataclass(frozen=True, slots=True)
class Node:
    """A complete subtree: the leaves from `index << level` to `(index + 1) << level`."""

    level: int
    index: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Frontier:
    """The state of a log: how many leaves, and its complete subtrees from left (largest) on."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a state that no log can be in: a damaged row must not be built upon."""
        whole = all(len(peak) == HASH_BYTES for peak in self.peaks)
        if self.size < 0 or len(self.peaks) != self.size.bit_count() or not whole:
            raise ImpossibleError(
                "evidence.frontier",
                f"{len(self.peaks)} peaks do not describe a log of {self.size} leaves.",
            )


EMPTY = Frontier()


def leaf_hash(data: bytes) -> bytes:
    """Hash a leaf: SHA-256 over 0x00 and the data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash an inner node: SHA-256 over 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def append(frontier: Frontier, leaves: Iterable[bytes]) -> tuple[Frontier, tuple[Node, ...]]:
    """Append a batch of leaf hashes.

    Returns the new frontier and every complete subtree that came to be, children before
    parents: the rows to store. The first leaf's index is `frontier.size`.
    """
    size, peaks, nodes = frontier.size, list(frontier.peaks), []
    for leaf in leaves:
        node = Node(0, size, _checked(leaf))
        nodes.append(node)
        while node.index & 1:
            node = Node(node.level + 1, node.index >> 1, node_hash(peaks.pop(), node.digest))
            nodes.append(node)
        peaks.append(node.digest)
        size += 1
    return Frontier(size, tuple(peaks)), tuple(nodes)


def root(frontier: Frontier) -> bytes:
    """Return the root of the log in this state."""
    if not frontier.peaks:
        return EMPTY_ROOT
    *rest, result = frontier.peaks
    for peak in reversed(rest):
        result = node_hash(peak, result)
    return result


def frontier_at(size: int, lookup: NodeLookup) -> Frontier:
    """Read the frontier of the first `size` leaves back from stored nodes."""
    return Frontier(size, tuple(lookup(level, index) for level, index in _peaks(size)))


def inclusion_proof(index: int, size: int, lookup: NodeLookup) -> tuple[bytes, ...]:
    """Prove that leaf `index` is in the log of `size` leaves (RFC 9162 section 2.1.3.1)."""
    if not 0 <= index < size:
        raise ImpossibleError("evidence.index", f"Leaf {index} is not in a log of {size}.")
    return tuple(_path(index, 0, size, lookup))


def consistency_proof(old_size: int, size: int, lookup: NodeLookup) -> tuple[bytes, ...]:
    """Prove that the log of `size` leaves only added to that of `old_size` (section 2.1.4.1)."""
    if not 0 <= old_size <= size:
        raise ImpossibleError("evidence.size", f"A log of {size} never had {old_size} leaves.")
    if old_size == 0:
        return ()  # every log continues the empty one
    return tuple(_subproof(old_size, 0, size, lookup, known=True))


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes
) -> bool:
    """Check an inclusion proof against a root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size or not _hashes(leaf, root_hash, *proof):
        return False
    position, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            result = node_hash(sibling, result)
            position, last = _climb(position, last)
        else:
            result = node_hash(result, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and result == root_hash


def verify_consistency(
    old_size: int, size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Check that the second head only added to the first (RFC 9162 section 2.1.4.2).

    Equal sizes need equal roots and no proof; a first head of size 0 needs the empty root.
    """
    if not 0 <= old_size <= size or not _hashes(old_root, new_root, *proof):
        return False
    if old_size == size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    return bool(path) and _joins(old_size - 1, size - 1, path) == (old_root, new_root)


def _joins(position: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            position, last = _climb(position, last)
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    return (old, new) if last == 0 else None


def _climb(position: int, last: int) -> tuple[int, int]:
    """Skip the levels at which the rightmost node has no sibling."""
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _path(index: int, start: int, end: int, lookup: NodeLookup) -> Iterator[bytes]:
    if end - start == 1:
        return
    middle = start + _split(end - start)
    if index < middle:
        yield from _path(index, start, middle, lookup)
        yield _range_hash(middle, end, lookup)
    else:
        yield from _path(index, middle, end, lookup)
        yield _range_hash(start, middle, lookup)


def _subproof(
    old_size: int, start: int, end: int, lookup: NodeLookup, *, known: bool
) -> Iterator[bytes]:
    """Yield SUBPROOF; `known` says that the verifier already holds this subtree's root."""
    if old_size == end:
        if not known:
            yield _range_hash(start, end, lookup)
        return
    middle = start + _split(end - start)
    if old_size <= middle:
        yield from _subproof(old_size, start, middle, lookup, known=known)
        yield _range_hash(middle, end, lookup)
    else:
        yield from _subproof(old_size, middle, end, lookup, known=False)
        yield _range_hash(start, middle, lookup)


def _range_hash(start: int, end: int, lookup: NodeLookup) -> bytes:
    """Hash leaves `start` to `end`; `start` is a multiple of the largest subtree within."""
    width = end - start
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return _checked(lookup(level, start >> level))
    middle = start + _split(width)
    return node_hash(_range_hash(start, middle, lookup), _range_hash(middle, end, lookup))


def _peaks(size: int) -> Iterator[tuple[int, int]]:
    start = 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            yield level, start >> level
            start += 1 << level


def _split(width: int) -> int:
    """Return the largest power of two smaller than `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def _hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)


def _checked(value: bytes) -> bytes:
    if len(value) != HASH_BYTES:
        raise ImpossibleError(
            "evidence.hash_length", f"A hash has {HASH_BYTES} bytes, not {len(value)}."
        )
    return value
