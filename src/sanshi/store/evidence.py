"""The evidence log's rows: places for new leaves, nodes for proofs."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select, update

from sanshi.evidence.merkle import HASH_BYTES, Frontier, append, leaf_hash
from sanshi.store import schema as s

LOG_ID = "main"

_NEW = (
    select(s.leaf.c.leaf_id, s.leaf.c.content_hash)
    .where(s.leaf.c.leaf_index.is_(None))
    .order_by(s.leaf.c.leaf_id)
)
_PLACE = (
    update(s.leaf)
    .where(s.leaf.c.leaf_id == bindparam("b_leaf"))
    .values(leaf_index=bindparam("b_index"))
)
_STATE = select(s.log_state).where(s.log_state.c.log_id == LOG_ID).with_for_update()
_GROW = (
    update(s.log_state)
    .where(s.log_state.c.log_id == LOG_ID)
    .values(size=bindparam("b_size"), peaks=bindparam("b_peaks"))
)


def sequence_leaves(connection: Connection) -> int:
    """Give leaves without a place the next ones; return how many. The caller commits.

    The state row is locked first, so on PostgreSQL only one transaction does this at a time.
    """
    state = connection.execute(_STATE).mappings().one()
    new = connection.execute(_NEW).all()
    if not new:
        return 0
    peaks = bytes(state["peaks"])
    frontier = Frontier(
        state["size"],
        tuple(peaks[i : i + HASH_BYTES] for i in range(0, len(peaks), HASH_BYTES)),
    )
    grown, nodes = append(frontier, (leaf_hash(bytes(content)) for _, content in new))
    connection.execute(
        _PLACE,
        [
            {"b_leaf": leaf_id, "b_index": frontier.size + offset}
            for offset, (leaf_id, _) in enumerate(new)
        ],
    )
    connection.execute(
        insert(s.tree_node),
        [{"level": n.level, "position": n.index, "hash": n.digest} for n in nodes],
    )
    connection.execute(_GROW, {"b_size": grown.size, "b_peaks": b"".join(grown.peaks)})
    return len(new)
