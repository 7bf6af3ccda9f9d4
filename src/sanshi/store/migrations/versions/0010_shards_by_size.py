"""How a close handles a loan, by name; what is open and what follows, by the loan's number.

Loans stay in the shards they have; those signed from now on fill new ones in turn.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BY_SHARD = ("entity", "shard")
_DUE = (
    *("number", "due", "grace_to", "principal_fen", "interest_fen", "penalty_fen", "rest"),
    *("waived_fen", "penalty_paid_fen", "cap_fen", "scale", "rate_ppm", "since"),
)
_COURSE = ("number", "grace_days", "penalty_rate_ppm", "penalty_scale", "penalty_cap_ppm")


def upgrade() -> None:
    """Apply."""
    _handled("by_itself", "handling", ("handling", "as_of"), ())
    op.execute(
        "UPDATE position SET handling = 2 WHERE loan_id NOT IN (SELECT stream FROM stream"
        " WHERE stage IN ('disbursing', 'disbursement_unknown', 'active'))"
    )
    _keyed("loan", _INT)
    op.execute(
        "INSERT INTO close_mark (entity, shard, closed_to) SELECT entity, shard, (SELECT"
        " max(business_date) FROM close_step WHERE close_step.entity = position.entity"
        " AND close_step.shard = position.shard) FROM position WHERE NOT EXISTS (SELECT 1"
        " FROM close_mark WHERE close_mark.entity = position.entity"
        " AND close_mark.shard = position.shard) GROUP BY entity, shard"
    )


def downgrade() -> None:
    """Undo; a loan at rest is one that is looked at by itself and left."""
    op.execute("UPDATE position SET handling = 1 WHERE handling = 2")
    _handled("handling", "by_itself", (), ("handling", "as_of"))
    _keyed("loan_id", sa.Text())


def _handled(old: str, new: str, more: tuple[str, ...], before: tuple[str, ...]) -> None:
    op.drop_index(op.f("_".join(("ix_position", *_BY_SHARD, *before))), "position")
    op.alter_column("position", old, new_column_name=new)
    names = (*_BY_SHARD, *more)
    op.create_index(op.f("_".join(("ix_position", *names))), "position", names)


def _keyed(name: str, kind: sa.types.TypeEngine[Any]) -> None:
    """Make both tables anew under another key of their loans, and keep what they hold."""
    other = "loan" if name == "loan_id" else "loan_id"
    for table, columns in (("open_due", (*_BY_SHARD, *_DUE)), ("course", (*_COURSE, "lines"))):
        kept = ", ".join(f"{table}.{column}" for column in columns)
        held = f"CREATE TABLE held AS SELECT position.{name}, {kept} FROM {table}"  # noqa: S608 - own names
        op.execute(f"{held} JOIN position ON position.{other} = {table}.{other}")
        op.drop_table(table)
        _made(table, sa.Column(name, kind, nullable=False))
        names = ", ".join((name, *columns))
        op.execute(f"INSERT INTO {table} ({names}) SELECT * FROM held")  # noqa: S608 - own names
        op.drop_table("held")


def _made(table: str, key: sa.Column[Any]) -> None:
    if table == "course":
        op.create_table(
            "course",
            key,
            *_whole(*_COURSE),
            sa.Column("lines", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint(key.name, name=op.f("pk_course")),
            sqlite_strict=True,
        )
        return
    op.create_table(
        "open_due",
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("shard", _INT, nullable=False),
        key,
        *_whole(*_DUE),
        sa.PrimaryKeyConstraint(key.name, "number", "due", name=op.f("pk_open_due")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_open_due_entity_shard"), "open_due", ["entity", "shard"])


def _whole(*names: str) -> tuple[sa.Column[int], ...]:
    return tuple(sa.Column(name, _INT, nullable=False) for name in names)
