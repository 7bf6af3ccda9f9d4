"""PostgreSQL: one transaction an `Effects`, row locks from the guards, retries on serialisation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError

from sanshi.kernel.effects import Applied, Effects, Outcome
from sanshi.kernel.errors import UnavailableError
from sanshi.store.apply import RefusedError, apply
from sanshi.store.evidence import sequence_leaves
from sanshi.store.reading import Reads

_TRIES = 5
_TRY_AGAIN = {"40001", "40P01"}  # serialisation failure, deadlock


class PostgresStore(Reads):
    """The store on PostgreSQL; many processes may write."""

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        """Open a pool on `url`."""
        self._writing: Engine = create_engine(
            url, pool_size=8, max_overflow=24, hide_parameters=True
        )
        # A read is one statement: a transaction around it would be two more round trips.
        super().__init__(self._writing.execution_options(isolation_level="AUTOCOMMIT"))
        self._now = now
        self.commits = 0
        self.applied = 0

    def apply(self, effects: Effects) -> Outcome:
        """Make the effects durable, or say which guard did not hold."""
        last: DBAPIError | None = None
        for _ in range(_TRIES):
            try:
                with self._writing.begin() as connection:
                    apply(connection, effects, self._now())
            except RefusedError as refused:
                return refused.conflict
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _TRY_AGAIN:
                    raise
                last = error
            else:
                self.commits += 1
                self.applied += 1
                if effects.leaves:
                    self.sequence()
                return Applied()
        raise UnavailableError(
            "store.contention",
            "The database could not order this change among others.",
            fix="Send the request again with the same Idempotency-Key.",
        ) from last

    def sequence(self) -> None:
        """Give new evidence leaves their places; the row lock makes it one at a time."""
        with self._writing.begin() as connection:
            sequence_leaves(connection)

    def close(self) -> None:
        """Close the pool."""
        self._writing.dispose()
