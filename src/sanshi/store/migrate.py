"""Bring a database to the schema of this version."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine


def upgrade(url: str) -> None:
    """Create or upgrade the tables at `url`; safe to repeat."""
    command.upgrade(config(url), "head")


def config(url: str) -> Config:
    """Return the migration settings for `url`, without an ini file."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.attributes["engine"] = create_engine(url)
    return settings
