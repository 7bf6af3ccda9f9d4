"""What the close books over columns: a file a day and shard, and how far each shard is closed.

Loans that are there already are closed one by one until their next close has worked out anew
where they stand.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OWN = ("own_interest_fen", "own_penalty_fen")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "accrual",
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("shard", _INT, nullable=False),
        sa.Column("rows", _INT, nullable=False),
        sa.Column("sums", sa.Text(), nullable=False),
        sa.Column("to_date", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entity", "shard", "business_date", name=op.f("pk_accrual")),
        sqlite_strict=True,
    )
    op.create_table(
        "close_mark",
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("shard", _INT, nullable=False),
        sa.Column("closed_to", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("entity", "shard", name=op.f("pk_close_mark")),
        sqlite_strict=True,
    )
    op.execute(
        "INSERT INTO close_mark (entity, shard, closed_to) SELECT loan.entity, loan.shard, ("
        "SELECT max(business_date) FROM close_step"
        " WHERE close_step.entity = loan.entity AND close_step.shard = loan.shard"
        ") FROM loan GROUP BY loan.entity, loan.shard"
    )
    for name in _OWN:
        op.add_column("position", sa.Column(name, _INT, nullable=False, server_default="0"))
    op.execute("UPDATE position SET by_itself = 1, fallen_interest_fen = 0, running_fen = 0")
    op.execute("UPDATE position SET penalty_fen = 0, opening_fen = 0, rest = 0, due = 0")
    for table in ("open_due", "course"):
        op.execute(sa.delete(sa.table(table)))


def downgrade() -> None:
    """Undo."""
    for name in _OWN:
        op.drop_column("position", name)
    for table in ("close_mark", "accrual"):
        op.drop_table(table)
