"""What every test may ask for: databases, shared data, a browser, and how hard to try.

With CI=true a missing server or browser is a failure; elsewhere the test is skipped and says
what to install.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Generator, Iterator
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import hypothesis
import pytest
from playwright.sync_api import Browser, Error, sync_playwright

import databases
from needs import IN_CI, LONG, missing

ROOT = Path(__file__).parent.parent

# Cores are shared, so no example has a deadline. A failure prints the line that repeats it. In CI
# every run tries the same examples: a red build is then always about the change.
_COMMON = hypothesis.settings(deadline=None, print_blob=True, derandomize=IN_CI)
hypothesis.settings.register_profile("fast", _COMMON, max_examples=50, stateful_step_count=30)
hypothesis.settings.register_profile("long", _COMMON, max_examples=1000, stateful_step_count=60)
hypothesis.settings.load_profile("long" if LONG else "fast")

CHROMIUM_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

_RUN_FOLDER = pytest.StashKey[databases.RunFolder]()
_RUN_PATH = "sanshi_run_folder"


class _Worker(Protocol):
    """The part of an xdist worker's controller that the hook below touches."""

    config: pytest.Config
    workerinput: dict[str, str]


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    """Begin the run's folder in the one process that outlives all others."""
    if not _is_worker(config):
        config.stash[_RUN_FOLDER] = databases.RunFolder()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: _Worker) -> None:
    """Tell each xdist worker where the run's folder is."""
    node.workerinput[_RUN_PATH] = str(node.config.stash[_RUN_FOLDER].path)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server with the run."""
    folder = config.stash.get(_RUN_FOLDER, None)
    if folder is not None:
        folder.close()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Spare the collector of garbage what collecting tests makes: nearly all of it stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs Chromium, so that `-m 'not browser'` leaves it out."""
    for item in items:
        if isinstance(item, pytest.Function) and "browser" in item.fixturenames:
            item.add_marker(pytest.mark.browser)


def upgrade(url: str) -> None:
    """Migrate a database."""
    from sanshi.store.migrate import upgrade as migrate  # noqa: PLC0415 - only these tests need it

    migrate(url)


@pytest.fixture(scope="session", autouse=True)
def real_scrypt_log_n() -> Iterator[int]:
    """Let passwords cost next to nothing, as hundreds are checked; gives the real cost."""
    from sanshi.connectors import keys  # noqa: PLC0415 - with the first test, not for collecting

    real = keys._SCRYPT_LOG_N  # noqa: SLF001 - nobody else may change it
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "_SCRYPT_LOG_N", 4)
        yield real


@pytest.fixture(scope="session", autouse=True)
def packs_parsed_once() -> Iterator[None]:
    """Parse each text of a pack once in a process: reading the real packs takes seconds.

    The key is the whole text, so a changed file is parsed again; what is wrong is never kept, and
    each caller has a copy of their own.
    """
    from sanshi.store import marked_yaml  # noqa: PLC0415 - as above

    parsed = lru_cache(256)(marked_yaml._parse)  # noqa: SLF001 - as above

    def copied(text: str, name: str) -> marked_yaml.Document:
        return deepcopy(parsed(text, name))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(marked_yaml, "_parse", copied)
        yield


@pytest.fixture(scope="session")
def run_folder(request: pytest.FixtureRequest) -> Path:
    """Return the folder that all processes of this test run share."""
    if _is_worker(request.config):
        return Path(request.config.workerinput[_RUN_PATH])  # type: ignore[attr-defined] # xdist's
    return request.config.stash[_RUN_FOLDER].path


@pytest.fixture(scope="session")
def postgres_server(run_folder: Path) -> databases.Server:
    """Return the run's PostgreSQL server with its migrated template."""
    try:
        return databases.Server(run_folder, upgrade)
    except databases.NoServerError as error:
        missing(f"No PostgreSQL server: {error}")
        raise


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite file to copy."""
    return databases.sqlite_template(tmp_path_factory.mktemp("sqlite") / "template.db", upgrade)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Return the address of a fresh migrated SQLite database."""
    path = shutil.copyfile(sqlite_template, tmp_path / "sanshi.db")
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: databases.Server) -> Iterator[str]:
    """Give the address of a fresh migrated PostgreSQL database, and drop it afterwards."""
    name = postgres_server.clone()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Run the test on both databases, each time a fresh migrated one."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of public data sets: SANSHI_DATA, else the one beside the repository."""
    named = os.environ.get("SANSHI_DATA")
    folder = Path(named) if named else ROOT.parent / "shared/data"
    if not folder.is_dir():
        pytest.skip(f"No data sets in {folder}: set SANSHI_DATA to their folder.")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give the system's Chromium."""
    program = shutil.which("chromium", path=os.defpath + os.pathsep + os.environ.get("PATH", ""))
    if program is None:
        missing("No Chromium: apt-get install chromium fonts-noto-cjk libatomic1.")
    try:
        playwright = sync_playwright().start()
    except Exception as error:
        missing(f"The browser's driver does not start ({error}): apt-get install libatomic1.")
        raise
    try:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_SWITCHES)
    except Error as error:
        playwright.stop()
        missing(f"Chromium does not start: {error.message}")
        raise
    yield chromium
    chromium.close()
    playwright.stop()
