"""Doors of the desk: sign in, choose a password, take a role; and what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from markupsafe import Markup

from sanshi.flows.staff import MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS
from sanshi.flows.staff_sign_in import IDLE_MINUTES, LOCK_MINUTES
from sanshi.kernel.errors import SanshiError
from sanshi.web.forms import EMPTY, FieldError, Filled
from sanshi.web.language import Tongue, mark
from sanshi.web.reader import Reader
from sanshi.web.workbench.words import named_code


@dataclass(frozen=True, slots=True)
class SignIn:
    """The form. `onward`: the page that was asked for; `timed_out`: one was signed in before."""

    template: ClassVar[str] = "sign_in"

    filled: Filled = EMPTY
    onward: str = ""
    timed_out: bool = False
    minutes: int = IDLE_MINUTES


@dataclass(frozen=True, slots=True)
class Password:
    """The form for a new password; `first`: nothing else is possible before."""

    template: ClassVar[str] = "password"

    user_name: str
    first: bool
    filled: Filled = EMPTY
    least: int = MIN_PASSWORD_CHARS
    most: int = MAX_PASSWORD_CHARS


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """The choice of a role; one at a time."""

    template: ClassVar[str] = "role"

    choices: tuple[tuple[str, Markup], ...]
    current: str
    onward: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, and what to do about it."""

    template: ClassVar[str] = "problem"

    status: int
    title: Markup
    what: Markup
    advice: Markup
    code: str


def role_choice(say: Tongue, roles: tuple[str, ...], current: str, onward: str = "") -> RoleChoice:
    """Make the page that asks for a role."""
    named = tuple((role, named_code(say, "role", role)) for role in roles)
    return RoleChoice(named, current, onward)


def not_signed_in(say: Tongue, reason: str) -> tuple[FieldError, ...]:
    """Return what to say of a sign-in that failed: the same for a name that nobody has."""
    if reason == "locked":
        text = say("连续输错次数太多，请过 {n} 分钟再试。", n=LOCK_MINUTES)
        return (FieldError("user_name", text),)
    return (FieldError("user_name", say("用户名或密码不对。")),)


def wrong_old(say: Tongue, reason: str) -> tuple[FieldError, ...]:
    """Return what to say of an old password that does not fit."""
    if reason == "locked":
        text = say("连续输错次数太多，请过 {n} 分钟再试。", n=LOCK_MINUTES)
        return (FieldError("old_password", text),)
    return (FieldError("old_password", say("现在的密码不对。")),)


_KNOWN: Mapping[str, tuple[str, str, str]] = {
    "proposal.own": (
        mark("不能复核自己提交的事项"),
        mark("双人复核要求由另一个人来看。"),
        mark("请让有同样权限的同事复核。"),
    ),
    "proposal.expired": (
        mark("这个事项已经过期"),
        mark("提交之后五天没有人复核。"),
        mark("如果仍然需要，请重新提交。"),
    ),
    "proposal.waiting": (
        mark("已经有人提交过"),
        mark("同一件事正在等待复核。"),
        mark("请到“双人复核”查看，或先撤回那一个。"),
    ),
    "staff.name_taken": (
        mark("用户名已被使用"),
        mark("用户名在整个系统里只能属于一个人。"),
        mark("请换一个用户名。"),
    ),
    "staff.own_account": (
        mark("不能停用自己的账户"),
        mark("否则可能没有人能再打开它。"),
        mark("请让另一位管理员提交。"),
    ),
    "page.stale": (
        mark("页面已经失效"),
        mark("这张表单不是在这个浏览器里打开的，或者已经太旧。"),
        mark("请重新打开页面再提交。没有任何内容被更改。"),
    ),
}
_BY_STATUS: Mapping[int, tuple[str, str, str]] = {
    HTTPStatus.FORBIDDEN: (
        mark("当前角色不能做这件事"),
        mark("每个角色只能看到和处理自己职责之内的事。"),
        mark("如果您还有别的角色，请先切换；否则请联系管理员。"),
    ),
    HTTPStatus.NOT_FOUND: (
        mark("没有找到"),
        mark("编号或地址可能写错了，或者不属于本机构。"),
        mark("请从左边的菜单重新进入。"),
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        mark("没有找到"),
        mark("编号或地址可能写错了，或者不属于本机构。"),
        mark("请从左边的菜单重新进入。"),
    ),
    HTTPStatus.CONFLICT: (
        mark("刚才有了变化"),
        mark("您操作的同时，别人更改了同一件事，或者它已经处理过了。"),
        mark("请重新打开页面，看最新的情况。没有任何内容被更改。"),
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        mark("填写的内容有误"),
        mark("有一项内容读不懂，或超出了范围。"),
        mark("请返回上一页，检查后再提交。"),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        mark("请求太频繁"),
        mark("这个地址在短时间里打开了太多页面。"),
        mark("请等一分钟再试。"),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        mark("提交的内容太长"),
        mark("没有一张表单需要这么长的内容。"),
        mark("请返回上一页，缩短后再提交。"),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        mark("外部系统暂时没有回应"),
        mark("没有收到对方系统的结果。"),
        mark("请几分钟后再试。"),
    ),
}
_OURS = (
    mark("系统出了问题"),
    mark("这不是您的操作造成的，已经记录下来。"),
    mark("请稍后再试；如果一直这样，请联系管理员。"),
)


def problem(reader: Reader, error: SanshiError) -> Problem:
    """Make the page for an error; the words depend on its code, else on its status."""
    return _problem(reader, error.status, error.code)


def problem_of_status(reader: Reader, status: int) -> Problem:
    """Make the page for a bare HTTP status."""
    return _problem(reader, status, f"http.{int(status)}")


def _problem(reader: Reader, status: int, code: str) -> Problem:
    say = reader.say
    title, what, advice = _KNOWN.get(code) or _BY_STATUS.get(status, _OURS)
    return Problem(int(status), say(title), say(what), say(advice), code)
