"""Who it is 本人确认: the end of the identity number, or name and number as on the card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sanshi.party.identity import check_id_number, normal_id_number
from sanshi.web.forms import EMPTY, FieldError, Filled
from sanshi.web.reader import Reader

TAIL_CHARS = 6
SHORTEST_NAME, LONGEST_NAME = 2, 60


@dataclass(frozen=True, slots=True)
class WhoKnown:
    """Asked of a number that has been here before."""

    template: ClassVar[str] = "who_known"

    filled: Filled = EMPTY
    onward: str = ""
    lenders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhoNew:
    """Asked of a number that is new, or of a person with another number than before."""

    template: ClassVar[str] = "who_new"

    filled: Filled = EMPTY
    onward: str = ""
    lenders: tuple[str, ...] = ()


def read_tail(reader: Reader, sent: Mapping[str, str]) -> tuple[str, tuple[FieldError, ...]]:
    """Return the end of an identity number as the form has it, and what is wrong with it."""
    tail = normal_id_number(sent.get("id_tail", ""))
    digits = tail[:-1] + tail[-1:].replace("X", "0")
    if len(tail) == TAIL_CHARS and digits.isascii() and digits.isdigit():
        return tail, ()
    return tail, (FieldError("id_tail", reader.say("请填写证件号码的最后 6 位，末位可以是 X。")),)


def read_person(
    reader: Reader, sent: Mapping[str, str]
) -> tuple[dict[str, str], tuple[FieldError, ...]]:
    """Return name and number as the form has them, and what is wrong with them."""
    say, errors = reader.say, []
    full_name = " ".join(sent.get("full_name", "").split())
    id_number = normal_id_number(sent.get("id_number", ""))
    if not SHORTEST_NAME <= len(full_name) <= LONGEST_NAME:
        errors.append(FieldError("full_name", say("姓名：请按身份证填写。")))
    if not check_id_number(id_number).valid:
        message = say("身份证号码有误，请逐位核对。")
        errors.append(FieldError("id_number", message))
    return {"full_name": full_name, "id_number": id_number}, tuple(errors)


def not_them(reader: Reader, field: str, reason: str) -> tuple[FieldError, ...]:
    """Return what to say when the answer was that this is not the person."""
    say = reader.say
    words = {
        "other": say("和登记的证件号码不一致，请核对。"),
        "mismatch": say("姓名、证件号码和手机号不一致，请核对。手机号须是您本人实名的号码。"),
        "too_many": say("试的次数太多了。请退出后重新获取验证码。"),
    }
    return (FieldError(field, words[reason]),)
