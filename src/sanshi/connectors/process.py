"""Starting and ending the sandbox as a child process, so that nothing is left behind."""

from __future__ import annotations

import json
import os
import secrets
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO

from sanshi.connectors.sandbox.wire import CALLBACK_SECRET_VARIABLE, SECRET_VARIABLE
from sanshi.kernel.errors import UnavailableError

_LOG_NAME = "sandbox.log"
_READ_BYTES = 4096


@dataclass(frozen=True, slots=True)
class SandboxPlan:
    """How to start a sandbox. `data` is its folder; the same folder goes on where it stopped."""

    data: Path
    value_date: date | None = None
    seed: int = 0
    port: int = 0
    secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    callback_url: str = ""
    callback_secret: str = field(default="", repr=False)
    ready_seconds: float = 30.0
    grace_seconds: float = 8.0


class SandboxProcess:
    """One sandbox in a process group of its own.

    It also ends by itself when this process dies, however it dies: the pipe to its standard
    input closes then.
    """

    def __init__(self, plan: SandboxPlan) -> None:
        """Keep the plan; `start` begins."""
        self._plan = plan
        self._child: subprocess.Popen[bytes] | None = None
        self._port = 0

    @property
    def base_url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        """The port it is bound to."""
        return self._port

    @property
    def secret(self) -> str:
        """The shared secret that every request must carry."""
        return self._plan.secret

    @property
    def pid(self) -> int:
        """Its process id; 0 when it does not run."""
        return 0 if self._child is None else self._child.pid

    @property
    def log_path(self) -> Path:
        """Where it writes its log."""
        return self._plan.data / _LOG_NAME

    def start(self) -> None:
        """Start it and wait until it answers; UnavailableError with its log's end if not."""
        self._plan.data.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log:
            # The command is this interpreter and this package; nothing comes from outside.
            self._child = subprocess.Popen(  # noqa: S603  our own command
                _command(self._plan),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=os.environ | _environment(self._plan),
                start_new_session=True,
            )
        try:
            self._port = self._wait_ready(self._child)
        except BaseException:
            self.kill()
            raise

    def stop(self) -> int:
        """End it gracefully, by force when it does not; returns its exit code."""
        return self._end(signal.SIGTERM, self._plan.grace_seconds)

    def kill(self) -> int:
        """End it at once (SIGKILL), as a power cut would; returns its exit code."""
        return self._end(signal.SIGKILL, self._plan.grace_seconds)

    def _end(self, number: signal.Signals, seconds: float) -> int:
        child = self._child
        if child is None:
            return 0
        _signal_group(child, number)
        try:
            code = child.wait(seconds)
        except subprocess.TimeoutExpired:
            _signal_group(child, signal.SIGKILL)
            code = child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        self._child = None
        return code

    def _wait_ready(self, child: subprocess.Popen[bytes]) -> int:
        line = _first_line(child.stdout, self._plan.ready_seconds)
        try:
            said = json.loads(line)
        except ValueError:
            said = {}
        if isinstance(said, dict) and said.get("ready") is True:
            return int(said["port"])
        detail = line.decode(errors="replace").strip() or _tail(self.log_path)
        raise UnavailableError(
            "sandbox.not_started",
            f"The sandbox did not start: {detail}",
            field="sandbox",
            fix=f"Read {self.log_path}.",
        )


@contextmanager
def running_sandbox(plan: SandboxPlan) -> Iterator[SandboxProcess]:
    """Run a sandbox for the length of a block; afterwards no process of it is left."""
    process = SandboxProcess(plan)
    process.start()
    try:
        yield process
    finally:
        process.stop()


def _command(plan: SandboxPlan) -> list[str]:
    command = [sys.executable, "-m", "sanshi.connectors.sandbox", "--until-stdin-closes"]
    command += ["--data", str(plan.data), "--port", str(plan.port), "--seed", str(plan.seed)]
    if plan.value_date is not None:
        command += ["--date", plan.value_date.isoformat()]
    if plan.callback_url:
        command += ["--callback-url", plan.callback_url]
    return command


def _environment(plan: SandboxPlan) -> dict[str, str]:
    """Pass secrets where other users of the machine cannot read them."""
    return {SECRET_VARIABLE: plan.secret, CALLBACK_SECRET_VARIABLE: plan.callback_secret}


def _first_line(pipe: IO[bytes] | None, seconds: float) -> bytes:
    if pipe is None:
        return b""
    end, line = time.monotonic() + seconds, b""
    while not line.endswith(b"\n"):
        left = end - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            break
        read = os.read(pipe.fileno(), _READ_BYTES)
        if not read:
            break
        line += read
    return line


def _tail(path: Path) -> str:
    return path.read_text(errors="replace")[-1000:].strip() or "no word in time"


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)
