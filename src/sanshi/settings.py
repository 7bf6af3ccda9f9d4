"""Settings: where things are, from the environment; every one has a name and a purpose."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sanshi.kernel.errors import InputError

LOANS_PER_SHARD = 8_192
DEFAULT_FOLDER = ".data"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a process needs to know about its surroundings.

    Args:
        database: SQLAlchemy address, SANSHI_DATABASE; default: a SQLite file in `.data`.
        keys: the key file, SANSHI_KEYS; it must be readable by its owner alone.
        packs: pack folders in order, SANSHI_PACKS, separated by the system's path separator;
            default: the packs that come with Sanshi.
        outside_url, outside_secret: rail, identity and bureau, SANSHI_OUTSIDE_URL and
            SANSHI_OUTSIDE_SECRET.
        base_url, pages_url, desk_url: where shops' programs reach the API, buyers' browsers the
            pages and officers' the workbench, SANSHI_BASE_URL, SANSHI_PAGES_URL and
            SANSHI_DESK_URL; default: where they are served.
        rail_secret: what signs the rail's callbacks, SANSHI_RAIL_SECRET (`whsec_…`).
        loans_per_shard: how many loans a close works on in one turn, SANSHI_LOANS_PER_SHARD.
    """

    database: str
    keys: Path
    packs: tuple[Path, ...]
    outside_url: str
    outside_secret: str
    rail_secret: str = ""
    base_url: str = ""
    pages_url: str = ""
    desk_url: str = ""
    loans_per_shard: int = LOANS_PER_SHARD


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the environment; InputError names a variable that makes no sense."""
    env = os.environ if environment is None else environment
    folder = Path(env.get("SANSHI_FOLDER", DEFAULT_FOLDER))
    database = env.get("SANSHI_DATABASE", f"sqlite:///{folder / 'sanshi.db'}")
    if not database.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise InputError(
            "settings.database",
            "Only SQLite files and PostgreSQL are supported.",
            field="SANSHI_DATABASE",
            fix="Write sqlite:///folder/file.db or postgresql+psycopg://user@host/name.",
        )
    return Settings(
        database=database,
        keys=Path(env.get("SANSHI_KEYS", str(folder / "keys.json"))),
        packs=tuple(Path(p) for p in env.get("SANSHI_PACKS", "").split(os.pathsep) if p),
        outside_url=env.get("SANSHI_OUTSIDE_URL", ""),
        outside_secret=env.get("SANSHI_OUTSIDE_SECRET", ""),
        rail_secret=env.get("SANSHI_RAIL_SECRET", ""),
        base_url=env.get("SANSHI_BASE_URL", "").rstrip("/"),
        pages_url=env.get("SANSHI_PAGES_URL", "").rstrip("/"),
        desk_url=env.get("SANSHI_DESK_URL", "").rstrip("/"),
        loans_per_shard=_whole(env, "SANSHI_LOANS_PER_SHARD", LOANS_PER_SHARD),
    )


def _whole(env: Mapping[str, str], name: str, otherwise: int) -> int:
    """Read a whole number above zero."""
    given = env.get(name, str(otherwise))
    if not given.isascii() or not given.isdigit() or not int(given):
        raise InputError(
            "settings.number",
            f"{given!r} is no whole number above zero.",
            field=name,
            fix=f"Write one, such as {otherwise}, or leave it out.",
        )
    return int(given)
