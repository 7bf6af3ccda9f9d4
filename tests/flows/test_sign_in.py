"""Signing in: codes, tries, time, and who somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sanshi.flows import sign_in as s
from sanshi.flows.people import read_person
from sanshi.flows.recognising import is_known
from sanshi.flows.sign_in import code_text, login_at
from sanshi.flows.world import Actor
from sanshi.jobs.sweep import sweep
from sanshi.kernel.errors import InputError, NotFoundError
from sanshi.party.identity import check_digit
from worlds import LIXIA, XIAOMAN, Desk

VISITOR = Actor("visitor", "consumer")
MOBILE = XIAOMAN["mobile"]
TOKEN = "ab" * 32
_NUMBER = "99000019880712007"
TAIL = XIAOMAN["id_number"][-6:]


def sent(desk: Desk, mobile: str = MOBILE) -> str:
    """Ask for a code; returns its digits."""
    answer = desk.do("request_code", VISITOR, mobile=mobile)
    assert answer["sent"]
    return code_text(desk.world, answer["code_id"])


def signed_in(desk: Desk, mobile: str = MOBILE, token: str = TOKEN) -> Actor:
    """Sign in with a code; returns the actor."""
    answer = desk.do("sign_in", VISITOR, mobile=mobile, code=sent(desk, mobile), token=token)
    assert answer["signed_in"]
    login = login_at(desk.world, token)
    assert login is not None
    assert login.login_id == answer["login_id"]
    return login.actor


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_signs_in_once(desk: Desk) -> None:
    code = sent(desk)
    assert desk.do("sign_in", VISITOR, mobile=MOBILE, code=f" {code} ", token=TOKEN)["signed_in"]
    again = desk.do("sign_in", VISITOR, mobile=MOBILE, code=code, token="cd" * 32)
    assert again == {"signed_in": False}
    assert login_at(desk.world, "cd" * 32) is None


def test_a_code_is_for_its_number_alone(desk: Desk) -> None:
    code = sent(desk)
    sent(desk, LIXIA["mobile"])
    other = desk.do("sign_in", VISITOR, mobile=LIXIA["mobile"], code=code, token=TOKEN)
    assert not other["signed_in"]


def test_five_wrong_guesses_end_a_code(desk: Desk) -> None:
    code = sent(desk)
    for _ in range(s.CODE_TRIES):
        asked = {"mobile": MOBILE, "code": wrong(code), "token": TOKEN}
        assert not desk.do("sign_in", VISITOR, **asked)["signed_in"]
    right = desk.do("sign_in", VISITOR, mobile=MOBILE, code=code, token=TOKEN)
    assert not right["signed_in"], "a guess too many has ended it"


def test_guesses_at_once_are_no_more_than_guesses_one_by_one(desk: Desk) -> None:
    code = sent(desk)

    def guess(number: int) -> Mapping[str, Any]:
        text = f"{(int(code) + number) % 10**6:06d}"
        try:
            return desk.do("sign_in", VISITOR, mobile=MOBILE, code=text, token=f"{number:064x}")
        except Exception as error:  # noqa: BLE001 - a lost race is as good as a wrong guess
            return {"signed_in": False, "error": error}

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(1, 13)))
    assert not any(answer["signed_in"] for answer in answers)
    left = desk.world.store.rows("counter", {"remaining": 0})
    assert len(left) == 1
    assert not guess(0)["signed_in"]


def test_of_two_with_the_same_code_one_comes_in(desk: Desk) -> None:
    code = sent(desk)

    def come(number: int) -> bool:
        asked = {"mobile": MOBILE, "code": code, "token": f"{number:064x}"}
        return bool(desk.do("sign_in", VISITOR, **asked)["signed_in"])

    with ThreadPoolExecutor(4) as pool:
        came = list(pool.map(come, range(4)))
    assert sum(came) == 1


def test_a_code_grows_old(desk: Desk) -> None:
    code = sent(desk)
    desk.time.move(seconds=60 * s.CODE_MINUTES)
    assert not desk.do("sign_in", VISITOR, mobile=MOBILE, code=code, token=TOKEN)["signed_in"]


def test_only_the_newest_code_counts(desk: Desk) -> None:
    first = sent(desk)
    desk.time.move(seconds=s.WAIT_SECONDS)
    second = sent(desk)
    old = desk.do("sign_in", VISITOR, mobile=MOBILE, code=first, token=TOKEN)
    assert old["signed_in"] == (first == second)
    assert desk.do("sign_in", VISITOR, mobile=MOBILE, code=second, token=TOKEN)["signed_in"]


def test_a_number_is_not_pestered(desk: Desk) -> None:
    sent(desk)
    soon = desk.do("request_code", VISITOR, mobile=MOBILE)
    assert soon == {"sent": False, "reason": "too_soon", "wait_seconds": s.WAIT_SECONDS}
    for _ in range(s.CODES_A_DAY - 1):
        desk.time.move(seconds=s.WAIT_SECONDS)
        sent(desk)
    desk.time.move(seconds=s.WAIT_SECONDS)
    many = desk.do("request_code", VISITOR, mobile=MOBILE)
    assert many == {"sent": False, "reason": "too_many", "wait_seconds": 0}
    desk.time.move(days=1)
    assert desk.do("request_code", VISITOR, mobile=MOBILE)["sent"]


@pytest.mark.parametrize(
    "mobile", ["", "1380013800", "23800138000", "1380013800a", "１３８0013800"]
)
def test_a_number_that_is_none_is_sent_nothing(desk: Desk, mobile: str) -> None:
    with pytest.raises(InputError) as refused:
        desk.do("request_code", VISITOR, mobile=mobile)
    assert refused.value.field == "mobile"


def test_a_login_ends_by_itself_and_by_hand(desk: Desk) -> None:
    who = signed_in(desk)
    desk.time.move(seconds=60 * s.IDLE_MINUTES - 1)
    assert login_at(desk.world, TOKEN) is not None
    desk.do("keep_signed_in", who)
    desk.time.move(seconds=60 * s.IDLE_MINUTES - 1)
    assert login_at(desk.world, TOKEN) is not None
    desk.do("sign_out", who, login_id=who.actor_id)
    assert login_at(desk.world, TOKEN) is None
    row = desk.world.store.row("login", login_id=who.actor_id)
    assert row is not None
    assert row["sealed"] is None, "the number goes with the login"


def test_no_login_is_kept_for_ever(desk: Desk) -> None:
    who = signed_in(desk)
    for _ in range(2 * s.LONGEST_HOURS):
        desk.time.move(seconds=60 * s.IDLE_MINUTES - 1)
        login = login_at(desk.world, TOKEN)
        if login is None:
            break
        desk.do("keep_signed_in", who)
    desk.time.move(seconds=60)
    assert login_at(desk.world, TOKEN) is None
    with pytest.raises(NotFoundError):
        desk.do("keep_signed_in", who)


def test_nobody_ends_the_login_of_another(desk: Desk) -> None:
    who = signed_in(desk)
    stranger = signed_in(desk, LIXIA["mobile"], "cd" * 32)
    with pytest.raises(NotFoundError):
        desk.do("sign_out", stranger, login_id=who.actor_id)
    assert login_at(desk.world, TOKEN) is not None


def test_a_new_person_proves_who_they_are(desk: Desk) -> None:
    who = signed_in(desk)
    assert not is_known(desk.world, who.actor_id)
    three = {name: XIAOMAN[name] for name in ("full_name", "id_number")}
    answer = desk.do("prove_person", who, **three)
    assert answer["recognised"]
    login = login_at(desk.world, TOKEN)
    assert login is not None
    assert login.person_id == answer["person_id"]
    assert read_person(desk.world, login.person_id).mobile == MOBILE


def test_a_known_person_says_the_end_of_their_number(desk: Desk) -> None:
    person_id = desk.person(XIAOMAN).person_id
    who = signed_in(desk)
    assert is_known(desk.world, who.actor_id)
    other = desk.do("confirm_person", who, id_tail="000000")
    assert (other["recognised"], other["reason"]) == (False, "other")
    answer = desk.do("confirm_person", who, id_tail=TAIL)
    assert answer["person_id"] == person_id


def test_who_has_the_number_now_does_not_see_the_loans_of_who_had_it(desk: Desk) -> None:
    desk.person(XIAOMAN)
    who = signed_in(desk)
    for _ in range(s.RECOGNITION_TRIES):
        assert not desk.do("confirm_person", who, id_tail="123456")["recognised"]
    late = desk.do("confirm_person", who, id_tail=TAIL)
    assert (late["recognised"], late["reason"]) == (False, "too_many")
    three = {name: XIAOMAN[name] for name in ("full_name", "id_number")}
    assert desk.do("prove_person", who, **three)["reason"] == "too_many"
    login = login_at(desk.world, TOKEN)
    assert login is not None
    assert login.person_id == ""


def test_elements_that_do_not_belong_together_are_nobody(desk: Desk) -> None:
    who = signed_in(desk)
    answer = desk.do("prove_person", who, full_name="周立夏", id_number=XIAOMAN["id_number"])
    assert (answer["recognised"], answer["reason"]) == (False, "mismatch")
    assert not is_known(desk.world, who.actor_id)


def test_a_person_with_a_new_number_is_found_under_it(desk: Desk) -> None:
    """One of the persons that no list names: any well-formed mobile is theirs."""
    moved = {
        "full_name": "顾清和",
        "id_number": _NUMBER + check_digit(_NUMBER),
        "mobile": "16100000071",
    }
    person_id = desk.person(moved).person_id
    who = signed_in(desk, "16100000072")
    three = {name: moved[name] for name in ("full_name", "id_number")}
    assert desk.do("prove_person", who, **three)["person_id"] == person_id
    assert read_person(desk.world, person_id).mobile == "16100000072"
    assert is_known(desk.world, who.actor_id)
    with_old = signed_in(desk, "16100000071", "ef" * 32)
    assert not is_known(desk.world, with_old.actor_id), "the old number leads to nobody"


def test_a_login_left_open_is_swept_up_with_its_number(desk: Desk) -> None:
    who = signed_in(desk)
    assert sweep(desk.world)["logins"] == 0
    desk.time.move(seconds=60 * s.IDLE_MINUTES)
    assert sweep(desk.world)["logins"] == 1
    row = desk.world.store.row("login", login_id=who.actor_id)
    assert row is not None
    assert (row["sealed"], row["wrapped_key"]) == (None, None)
    assert sweep(desk.world)["logins"] == 0
