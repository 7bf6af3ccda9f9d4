"""A demo city's folder: what stands in it, and how a seeding that was cut short goes on.

Our database and the rail's book are two files of two processes, and a kill stops both at any
moment. Both are therefore copied together every few days, at rest, before a morning. A seeding
that was cut short begins again from the last such pair: from there the same seed gives the same
city, whatever had been done after it.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sanshi.demo.city_plan import Plan
from sanshi.kernel.errors import ConflictError, InputError
from sanshi.store.copies import copy_open
from sanshi.store.sqlite import take_write_lock

_PATIENCE_SECONDS = 20.0
"""How long the sandbox of a process that was killed may take to notice and end."""
_PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Made:
    """What is known of a city that has been seeded."""

    business_date: str
    city_hash: str
    stages: dict[str, dict[str, int]]
    overdue: dict[str, int]
    seconds: int


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that holds one demo city and nothing else."""

    path: Path

    @property
    def database(self) -> Path:
        """The city's database."""
        return self.path / "sanshi.db"

    @property
    def url(self) -> str:
        """Its address."""
        return f"sqlite:///{self.database}"

    @property
    def keys(self) -> Path:
        """The key file."""
        return self.path / "keys.json"

    @property
    def outside(self) -> Path:
        """The sandbox's own folder."""
        return self.path / "outside"

    @property
    def _book(self) -> Path:
        return self.outside / "sandbox.sqlite"

    @property
    def _note(self) -> Path:
        return self.path / "city.json"

    @property
    def _pairs(self) -> Path:
        return self.path / "pairs"

    def made(self, plan: Plan) -> Made | None:
        """Return the finished city; None if it is yet to be made, wholly or from some day on.

        InputError if the folder holds something else.
        """
        note = self._read()
        if note is None:
            if self.database.exists():
                raise self._not_ours("holds a database that is no demo city")
            return None
        if note["city"] != _city(plan):
            raise self._not_ours(f"holds another city: {note['city']}")
        return None if note["made"] is None else Made(**note["made"])

    def begin(self, plan: Plan, packs: str) -> None:
        """Make the folder ready: as it was at the last pair, or empty."""
        self.path.mkdir(parents=True, exist_ok=True)
        with take_write_lock(self.database):
            self._wait_for_sandbox()
            note = self._read()
            if note is None or note["packs"] != packs:  # half of it was made under other rules
                shutil.rmtree(self._pairs, ignore_errors=True)
            self._write({"city": _city(plan), "packs": packs, "made": None})
            newest = max(self._kept(), default=None)
            for file, name in ((self.database, "sanshi.db"), (self._book, "sandbox.sqlite")):
                for leftover in file.parent.glob(f"{file.name}*"):
                    if not leftover.name.endswith(".lock"):
                        leftover.unlink()
                if newest is not None:
                    shutil.copyfile(newest / name, file)

    def keep(self, morning: date) -> None:
        """Copy both files, which are at rest, and forget the pair before."""
        earlier = self._kept()
        if any(folder.name == morning.isoformat() for folder in earlier):
            return  # this is where it begins again
        unfinished = self._pairs / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        copy_open(self.database, unfinished / "sanshi.db")
        copy_open(self._book, unfinished / "sandbox.sqlite")
        unfinished.rename(self._pairs / morning.isoformat())
        for old in earlier:
            shutil.rmtree(old)

    def finish(self, plan: Plan, packs: str, made: Made) -> None:
        """Note that the city is there."""
        self._write({"city": _city(plan), "packs": packs, "made": asdict(made)})
        shutil.rmtree(self._pairs, ignore_errors=True)

    def _kept(self) -> list[Path]:
        if not self._pairs.is_dir():
            return []
        return [folder for folder in self._pairs.iterdir() if folder.name != "unfinished"]

    def _wait_for_sandbox(self) -> None:
        """Wait until the sandbox of whoever was here before has ended, as it does by itself."""
        self.outside.mkdir(exist_ok=True)
        end = time.monotonic() + _PATIENCE_SECONDS
        with (self.outside / "sandbox.lock").open("a+b") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    if time.monotonic() > end:
                        raise ConflictError(
                            "city.in_use",
                            f"A sandbox still runs in {self.outside}.",
                            field="folder",
                            fix="End it, or name another folder.",
                        ) from None
                    time.sleep(_PAUSE_SECONDS)
                else:
                    return

    def _read(self) -> dict[str, Any] | None:
        try:
            text = self._note.read_text("utf-8")
        except FileNotFoundError:
            return None
        try:
            note = json.loads(text)
            return {name: note[name] for name in ("city", "packs", "made")}
        except (ValueError, KeyError, TypeError) as error:
            raise self._not_ours("has a city.json that nobody can read") from error

    def _write(self, note: dict[str, Any]) -> None:
        whole = self._note.with_suffix(".new")
        with whole.open("w", encoding="utf-8") as file:
            json.dump(note, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        whole.replace(self._note)

    def _not_ours(self, what: str) -> InputError:
        return InputError(
            "city.folder",
            f"{self.path} {what}.",
            field="folder",
            fix="Name another folder, or remove this one.",
        )


def _city(plan: Plan) -> dict[str, object]:
    return {
        "seed": plan.seed,
        "consumers": plan.consumers,
        "days": plan.days,
        "business_date": plan.last.isoformat(),
    }
