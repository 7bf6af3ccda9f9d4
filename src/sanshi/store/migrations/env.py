"""What alembic runs around each migration."""

from __future__ import annotations

from alembic import context

from sanshi.store.schema import metadata


def run() -> None:
    """Migrate in one transaction on the engine that the caller passed."""
    engine = context.config.attributes["engine"]
    with engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=metadata, transaction_per_migration=False
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


run()
