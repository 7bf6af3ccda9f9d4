"""The identity verifier as its own process; what it is told never shows in log or book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from sanshi.connectors.identity import HttpIdentity
from sanshi.connectors.process import SandboxPlan, SandboxProcess, running_sandbox
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.connectors.sandbox.faults import FaultKind
from sanshi.connectors.sandbox.persons import PERSONS, SANCTIONED
from sanshi.kernel.errors import ImpossibleError, UnavailableError
from sanshi.party.identity import check_digit, check_id_number, is_mobile, normal_name
from sanshi.ports import Identity

_BODY = "99000019880808123"
_STRANGER = {
    "full_name": "戚未名",
    "id_number": _BODY + check_digit(_BODY),
    "mobile": "16155556666",
}


@dataclass
class Desk:
    verifier: HttpIdentity
    control: SandboxControl
    process: SandboxProcess
    folder: Path


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("identity")
    with running_sandbox(SandboxPlan(folder)) as process:
        verifier = HttpIdentity(process.base_url, process.secret, timeout_seconds=10)
        control = SandboxControl(process.base_url, process.secret)
        yield Desk(verifier, control, process, folder)
        verifier.close()
        control.close()


@pytest.mark.parametrize("person", PERSONS)
def test_invented_persons_are_well_formed_belong_to_nobody_and_match(
    desk: Desk, person: object
) -> None:
    known = {name: getattr(person, name) for name in ("full_name", "id_number", "mobile")}
    assert check_id_number(known["id_number"]).valid
    assert known["id_number"].startswith("99")
    assert is_mobile(known["mobile"])
    port: Identity = desk.verifier
    answer = port.verify(**known)
    assert answer.matched
    assert bool(answer.sanctions_hits) == (normal_name(known["full_name"]) in SANCTIONED)
    assert answer.reference.startswith("idv_")


@pytest.mark.parametrize(
    "change",
    [
        {"full_name": "周立夏"},
        {"id_number": PERSONS[1].id_number},
        {"mobile": PERSONS[1].mobile},
        {"mobile": "16199999999"},
        {"id_number": _STRANGER["id_number"]},
    ],
)
def test_a_known_person_must_match_in_all_three(desk: Desk, change: dict[str, str]) -> None:
    first = PERSONS[0]
    asked = {"full_name": first.full_name, "id_number": first.id_number, "mobile": first.mobile}
    assert not desk.verifier.verify(**(asked | change)).matched


def test_an_unknown_person_matches_by_form(desk: Desk) -> None:
    assert desk.verifier.verify(**_STRANGER).matched
    wrong_digit = _BODY + ("0" if check_digit(_BODY) != "0" else "1")
    assert not desk.verifier.verify(**(_STRANGER | {"id_number": wrong_digit})).matched
    assert not desk.verifier.verify(**(_STRANGER | {"mobile": "12155556666"})).matched


@pytest.mark.parametrize("name", ["欧阳无名", "victor  NOBODY", "ＶＩＣＴＯＲ nobody"])
def test_listed_names_hit_however_written(desk: Desk, name: str) -> None:
    answer = desk.verifier.verify(**(_STRANGER | {"full_name": name}))
    assert answer.sanctions_hits == (SANCTIONED[normal_name(name)],)


@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "http_500", "garbled"])
def test_faults_give_no_answer_once(desk: Desk, kind: FaultKind) -> None:
    desk.control.queue_fault("identity", kind)
    with pytest.raises(UnavailableError) as caught:
        desk.verifier.verify(**_STRANGER)
    assert caught.value.code in {"identity.no_answer", "identity.malformed"}
    assert desk.verifier.verify(**_STRANGER).matched


def test_a_late_answer_runs_into_the_time_out(desk: Desk) -> None:
    desk.control.queue_fault("identity", "late", hold_ms=1000)
    hasty = HttpIdentity(desk.process.base_url, desk.process.secret, timeout_seconds=0.2)
    with pytest.raises(UnavailableError, match="ReadTimeout"):
        hasty.verify(**_STRANGER)
    hasty.close()


def test_an_empty_element_is_our_own_fault(desk: Desk) -> None:
    with pytest.raises(ImpossibleError, match=r"identity\.refused_form") as caught:
        desk.verifier.verify(**(_STRANGER | {"mobile": ""}))
    assert "mobile" in caught.value.field


def test_personal_data_shows_nowhere_in_clear(desk: Desk) -> None:
    secret_parts = {
        "full_name": "司马隐",
        "id_number": "990000198107070035",
        "mobile": "16177778888",
    }
    for change in (
        {},
        {"mobile": "1" * 65},
        {"extra": "司马隐"},
        {"id_number": 990000198107070035},
    ):
        answer = httpx.post(
            f"{desk.process.base_url}/identity/verify",
            headers={"x-sandbox-secret": desk.process.secret},
            json=secret_parts | change,
        )
        assert answer.status_code == (422 if change else 200)
        _absent(answer.content, secret_parts)
    files = [path for path in desk.folder.rglob("*") if path.is_file()]
    assert {"sandbox.log", "sandbox.sqlite"} <= {path.name for path in files}
    for path in files:
        _absent(path.read_bytes(), secret_parts)
    assert '"event": "identity"' in desk.process.log_path.read_text()


def _absent(where: bytes, parts: dict[str, str]) -> None:
    for part in parts.values():
        assert part.encode() not in where
        assert part.encode("unicode_escape") not in where
