"""Copies of SQLite files that others have open."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def copy_open(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment, what only stands in its journal included.

    A plain copy of the file would miss the journal; closing it would drop the locks of whoever has
    the database open in this process.
    """
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
