"""Forms that ask for accounts and keys: each makes a proposal for another administrator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from sanshi.flows.api_keys import STAFF
from sanshi.web.forms import EMPTY, FieldError, Filled
from sanshi.web.reader import Reader
from sanshi.web.workbench.matters import read_reason
from sanshi.web.workbench.words import named_code

_USER_NAME = re.compile(r"[a-z][a-z0-9._-]{2,39}")
_MOST_NAME, _MOST_LABEL = 40, 60


@dataclass(frozen=True, slots=True)
class NewAccount:
    """The form for an account."""

    template: ClassVar[str] = "new_account"

    roles: tuple[tuple[str, Markup], ...]
    chosen: frozenset[str]
    filled: Filled = EMPTY


@dataclass(frozen=True, slots=True)
class NewKey:
    """The form for an API key."""

    template: ClassVar[str] = "new_key"

    roles: tuple[tuple[str, Markup], ...]
    filled: Filled = EMPTY


@dataclass(frozen=True, slots=True)
class Ending:
    """The question why an account or a key should end."""

    template: ClassVar[str] = "ending"

    title: Markup
    what: Markup
    name: str
    address: str
    back: str
    filled: Filled = EMPTY


def _roles(reader: Reader) -> tuple[tuple[str, Markup], ...]:
    return tuple((role, named_code(reader.say, "role", role)) for role in sorted(STAFF))


def new_account(
    reader: Reader, chosen: frozenset[str] = frozenset(), filled: Filled | None = None
) -> NewAccount:
    """Make the form for an account."""
    return NewAccount(_roles(reader), chosen, filled or EMPTY)


def new_key(reader: Reader, filled: Filled | None = None) -> NewKey:
    """Make the form for a key."""
    return NewKey(_roles(reader), filled or EMPTY)


def read_account(
    reader: Reader, sent: Mapping[str, str], roles: tuple[str, ...]
) -> tuple[dict[str, Any], str, tuple[FieldError, ...]]:
    """Return what `add_account` takes, the reason, and what is wrong."""
    say, errors = reader.say, []
    user_name, name = (sent.get(one, "").strip() for one in ("user_name", "display_name"))
    if not _USER_NAME.fullmatch(user_name):
        text = say("用户名：3 到 40 个小写字母、数字、点、横线，以字母开头。")
        errors.append(FieldError("user_name", text))
    if not 1 <= len(name) <= _MOST_NAME:
        errors.append(FieldError("display_name", say("请填写姓名，最多 40 个字。")))
    if not roles or not set(roles) <= STAFF:
        errors.append(FieldError("roles", say("请至少选择一个角色。")))
    told, wrong = read_reason(reader, sent, "reason")
    request = {"user_name": user_name, "display_name": name, "roles": sorted(set(roles))}
    return request, told["reason"], (*errors, *wrong)


def read_key(
    reader: Reader, sent: Mapping[str, str]
) -> tuple[dict[str, Any], str, tuple[FieldError, ...]]:
    """Return what `issue_api_key` takes, the reason, and what is wrong."""
    say, errors = reader.say, []
    label, role = (sent.get(one, "").strip() for one in ("label", "role"))
    if not 1 <= len(label) <= _MOST_LABEL:
        errors.append(FieldError("label", say("请写明这把密钥给哪个程序用，最多 60 个字。")))
    if role not in STAFF:
        errors.append(FieldError("role", say("请选择一个角色。")))
    told, wrong = read_reason(reader, sent, "reason")
    return {"label": label, "role": role}, told["reason"], (*errors, *wrong)
