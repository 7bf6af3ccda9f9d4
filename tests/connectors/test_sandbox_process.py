"""The sandbox as a process: it is killed, restarted, stopped, orphaned; nothing is left behind."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from sanshi.connectors.payments import HttpPayments
from sanshi.connectors.process import SandboxPlan, SandboxProcess, running_sandbox
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.connectors.sandbox.wire import SECRET_VARIABLE
from sanshi.kernel.errors import UnavailableError
from sanshi.ports import Instruction, RailAnswer

_DAY = date(2026, 11, 22)


def _order(number: int) -> Instruction:
    return Instruction(f"py_{number}", "collect", 100 + number, "CNY", "a", "b", "")


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 5))]
)
def test_a_kill_at_a_random_moment_loses_nothing_acknowledged(tmp_path: Path, seed: int) -> None:
    process = SandboxProcess(SandboxPlan(tmp_path, value_date=_DAY))
    process.start()
    acknowledged: dict[int, RailAnswer] = {}
    tried = 0

    def client(part: int) -> None:
        nonlocal tried
        payments = HttpPayments(process.base_url, process.secret, timeout_seconds=5)
        for number in range(part, 100_000, 4):
            tried = max(tried, number)
            try:
                acknowledged[number] = payments.submit(_order(number))
            except UnavailableError:
                break
        payments.close()

    threads = [threading.Thread(target=client, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    while len(acknowledged) < 40:
        time.sleep(0.005)
    time.sleep(random.Random(seed).random() * 0.3)
    assert process.kill() == -signal.SIGKILL
    for thread in threads:
        thread.join()

    process.start()
    payments = HttpPayments(process.base_url, process.secret, timeout_seconds=5)
    for number, answer in acknowledged.items():
        assert payments.enquire(f"py_{number}") == answer
    for number in range(tried + 1):
        again = payments.submit(_order(number))
        assert again == acknowledged.get(number, again)
    lines = payments.statement(_DAY)
    payments.close()
    assert process.stop() == 0
    assert Counter(line.instruction_id for line in lines) == Counter(
        f"py_{number}" for number in range(tried + 1)
    )
    assert sum(line.amount_fen for line in lines) == sum(100 + n for n in range(tried + 1))


def test_settings_and_waiting_faults_survive_a_kill(tmp_path: Path) -> None:
    process = SandboxProcess(SandboxPlan(tmp_path, value_date=_DAY))
    process.start()
    control = SandboxControl(process.base_url, process.secret)
    control.set_accounts({"a": 7})
    control.set_limit(500)
    control.queue_fault("submit", "reject")
    control.queue_fault("enquire", "lost")
    control.close()
    process.kill()
    process.start()
    control = SandboxControl(process.base_url, process.secret)
    assert control.accounts() == {"a": 7}
    assert control.faults_waiting() == 2
    payments = HttpPayments(process.base_url, process.secret, timeout_seconds=5)
    assert payments.submit(_order(1)).failure_code == "rejected"
    over = Instruction("py_2", "pay", 501, "CNY", "x", "y", "")
    assert payments.submit(over).failure_code == "amount_limit"
    control.close()
    payments.close()
    process.stop()


def test_a_stopped_sandbox_ends_with_zero_and_frees_its_port(tmp_path: Path) -> None:
    with running_sandbox(SandboxPlan(tmp_path, value_date=_DAY)) as process:
        port, pid = process.port, process.pid
        assert _answers(port)
    assert not _answers(port)
    assert not _exists(pid)
    again = SandboxProcess(SandboxPlan(tmp_path, port=port))
    again.start()
    assert again.port == port
    assert again.stop() == 0
    assert again.stop() == 0, "stopping twice is harmless"
    assert again.pid == 0


def test_an_error_in_the_block_leaves_no_process(tmp_path: Path) -> None:
    seen: list[int] = []

    def block() -> None:
        with running_sandbox(SandboxPlan(tmp_path)) as process:
            seen.extend([process.pid, process.port])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        block()
    pid, port = seen
    assert not _exists(pid)
    assert not _answers(port)


def test_a_stop_during_a_held_answer_does_not_hang(tmp_path: Path) -> None:
    process = SandboxProcess(SandboxPlan(tmp_path, value_date=_DAY, grace_seconds=1))
    process.start()
    control = SandboxControl(process.base_url, process.secret)
    control.queue_fault("submit", "late", hold_ms=60_000)
    payments = HttpPayments(process.base_url, process.secret, timeout_seconds=0.3)
    with pytest.raises(UnavailableError):
        payments.submit(_order(1))
    pid, begun = process.pid, time.monotonic()
    process.stop()
    assert time.monotonic() - begun < 10
    assert not _exists(pid)
    control.close()
    payments.close()


_STARTER = """
import os, signal, sys
from pathlib import Path
from sanshi.connectors.process import SandboxPlan, SandboxProcess
process = SandboxProcess(SandboxPlan(Path(sys.argv[1])))
process.start()
print(process.pid, process.port, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_sandbox_whose_starter_was_killed_ends_by_itself(tmp_path: Path) -> None:
    starter = subprocess.run(
        [sys.executable, "-c", _STARTER, str(tmp_path)],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert starter.returncode == -signal.SIGKILL
    pid, port = map(int, starter.stdout.split())
    end = time.monotonic() + 15
    while _answers(port) or _exists(pid):
        assert time.monotonic() < end, "the orphan is still there"
        time.sleep(0.05)


def test_two_sandboxes_cannot_share_a_folder(tmp_path: Path) -> None:
    with running_sandbox(SandboxPlan(tmp_path)) as process:
        second = SandboxProcess(SandboxPlan(tmp_path))
        with pytest.raises(UnavailableError, match=rf"process {process.pid}\) holds") as caught:
            second.start()
        assert second.pid == 0
        assert str(second.log_path) in caught.value.fix
        assert _answers(process.port)


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        second = SandboxProcess(SandboxPlan(tmp_path, port=taken.getsockname()[1]))
        with pytest.raises(UnavailableError, match="in use"):
            second.start()
        assert second.pid == 0


@pytest.mark.parametrize("day", ["1999-12-31", "2026-13-01"])
def test_a_bad_date_is_said_by_field(tmp_path: Path, day: str) -> None:
    done = _run(tmp_path, "--date", day, **{SECRET_VARIABLE: "s"})
    assert done.returncode == 2
    assert "[date]" in json.loads(done.stdout)["message"]


def test_without_a_secret_it_does_not_start(tmp_path: Path) -> None:
    done = _run(tmp_path, **{SECRET_VARIABLE: ""})
    assert done.returncode == 2
    assert json.loads(done.stdout)["code"] == "sandbox.no_secret"


def test_it_listens_on_loopback_alone_and_keeps_secrets_off_the_command_line(
    tmp_path: Path,
) -> None:
    plan = SandboxPlan(tmp_path)
    assert plan.secret not in repr(plan)
    with running_sandbox(plan) as process:
        line = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        assert plan.secret.encode() not in line
        tables = [Path(f"/proc/{process.pid}/net/{name}") for name in ("tcp", "tcp6")]
        rows = [row.split() for t in tables if t.exists() for row in t.read_text().splitlines()[1:]]
        listening = [r[1].split(":") for r in rows if r[3] == "0A"]
        here = [address for address, port in listening if int(port, 16) == process.port]
        assert here == ["0100007F"]


def _run(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sanshi.connectors.sandbox", "--data", str(folder), *options],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _exists(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
