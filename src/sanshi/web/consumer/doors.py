"""Doors: signing in and out, and pages that say what went wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from markupsafe import Markup

from sanshi.kernel.errors import SanshiError
from sanshi.web.forms import EMPTY, FieldError, Filled
from sanshi.web.language import mark
from sanshi.web.reader import Reader

MOBILE_DIGITS = 11
MAX_CODE_CHARS = 20


@dataclass(frozen=True, slots=True)
class SignIn:
    """The form for a mobile number. `onward`: the page that was asked for."""

    template: ClassVar[str] = "sign_in"

    filled: Filled = EMPTY
    onward: str = ""
    lenders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignInCode:
    """The form for the one-time code that was sent to a number, shown masked."""

    template: ClassVar[str] = "sign_in_code"

    mobile: str
    minutes: int
    filled: Filled = EMPTY
    onward: str = ""
    lenders: tuple[str, ...] = ()

    @property
    def masked(self) -> str:
        """The number with its middle hidden."""
        return f"{self.mobile[:3]}****{self.mobile[-4:]}"


def read_mobile(reader: Reader, sent: Mapping[str, str]) -> tuple[FieldError, ...]:
    """Return what is wrong with the mobile number of the form."""
    digits = sent.get("mobile", "").strip()
    if digits.isascii() and digits.isdigit() and len(digits) == MOBILE_DIGITS:
        return ()
    return (FieldError("mobile", reader.say("请填写 11 位手机号。")),)


def wrong_code(reader: Reader) -> tuple[FieldError, ...]:
    """Return what to say of a code that is wrong, used or too old."""
    return (FieldError("code", reader.say("验证码不对或已过期，请核对后再填，或重新获取。")),)


@dataclass(frozen=True, slots=True)
class SignedOut:
    """Said after signing out, or after too long a pause (`timed_out`)."""

    template: ClassVar[str] = "signed_out"

    timed_out: bool = False
    lenders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, whether money moved, and what to do. `back`: where to go on."""

    template: ClassVar[str] = "problem"

    status: int
    title: Markup
    what: Markup
    advice: Markup
    code: str
    back: str = ""
    lenders: tuple[str, ...] = ()


_NO_MONEY = mark("没有产生任何费用，也没有发起付款。")

_KNOWN: Mapping[str, tuple[str, str, str]] = {
    "quote.expired": (
        mark("这份报价已过期"),
        mark("报价的有效时间已过，或者价格、规则有了变化。"),
        mark("请重新报价，只需几秒，不收费用。"),
    ),
    "application.lenders_mixed": (
        mark("所选方案来自不同机构"),
        mark("一起购买的东西须由同一家机构审批。"),
        mark("请改选同一家机构的方案，或其中一项一次付清。"),
    ),
    "application.not_together": (
        mark("这些方案不能同时办理"),
        mark("两笔合在一起超过了规则允许的金额。"),
        mark("请选择金额较小的方案，或其中一项一次付清。"),
    ),
    "application.consent_missing": (
        mark("还缺少一项授权"),
        mark("没有查询征信报告的授权，无法审批贷款。"),
        mark("请返回授权页勾选，或选择一次付清。"),
    ),
    "contract.not_read": (
        mark("请先读完合同"),
        mark("合同打开的时间还不够长。"),
        mark("请返回继续阅读，读完再确认。"),
    ),
    "contract.other_text": (
        mark("合同内容有更新"),
        mark("您确认的不是刚才展示的那一份。"),
        mark("请重新打开合同，确认现在展示的内容。"),
    ),
    "contract.already_signed": (
        mark("这笔购买已经签过合同"),
        mark("同一件商品只能签一份合同。"),
        mark("请到“我的借款”查看。"),
    ),
    "voucher.gone": (
        mark("补贴资格券已不能使用"),
        mark("资格券已过期，或已用于另一笔购买。"),
        mark("请重新报价，按没有资格券的价格办理。"),
    ),
    "page.stale": (
        mark("这一页已经过时"),
        mark("页面打开得太久，或者不是在这台设备上打开的。"),
        mark("请重新打开页面，再提交一次。"),
    ),
    "session.expired": (
        mark("这次结账已经过期"),
        mark("打开的时间太久了。"),
        mark("请回到商户重新结账。"),
    ),
    "session.over": (
        mark("这次结账已经结束"),
        mark("已经付清、签约，或者被商户取消。"),
        mark("还要买的话，请在商户那里重新下单。"),
    ),
    "session.taken": (
        mark("这次结账已经有人申请"),
        mark("另一个人用同一个链接提交了申请。"),
        mark("请在商户那里自己重新下单。"),
    ),
    "session.unknown": (
        mark("没有找到这次结账"),
        mark("链接可能不完整，或者写错了。"),
        mark("请回到商户，从订单里重新打开。"),
    ),
    "application.over": (
        mark("这份申请已经结束"),
        mark("申请已撤回或过期，相关资料不会再被查看。"),
        mark("还要买的话，请在商户那里重新下单。"),
    ),
    "contract.over": (
        mark("这份合同不能再签"),
        mark("合同已经取消，或者已经结束。"),
        mark("请到“我的借款”查看。"),
    ),
    "idempotency.key_reused": (
        mark("这一页已经提交过"),
        mark("同一页面不能提交两件不同的事。"),
        mark("请重新打开页面，看最新内容后再操作。"),
    ),
    "loan.not_active": (
        mark("这笔借款现在不能这样操作"),
        mark("借款的状态已经变化。"),
        mark("请回到借款页查看最新状态。"),
    ),
}

_BY_STATUS: Mapping[int, tuple[str, str, str]] = {
    HTTPStatus.FORBIDDEN: (
        mark("您不能查看这一页"),
        mark("这里的内容属于别人，或需要另一种身份。"),
        mark("请确认登录的是您本人的账户。"),
    ),
    HTTPStatus.NOT_FOUND: (
        mark("没有找到这一页"),
        mark("地址可能写错了，或者内容已经不在了。"),
        mark("请从“我的借款”重新进入。"),
    ),
    HTTPStatus.CONFLICT: (
        mark("刚才有了变化"),
        mark("您操作的同时，内容被更新了。"),
        mark("请返回上一页，查看最新内容后再操作。"),
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        mark("填写的内容有误"),
        mark("有一项内容我们读不懂。"),
        mark("请返回上一页，检查后再提交。"),
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        mark("没有找到这一页"),
        mark("地址可能写错了，或者内容已经不在了。"),
        mark("请从“我的借款”重新进入。"),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        mark("填写的内容太长"),
        mark("提交的内容超过了任何一页需要的长度。"),
        mark("请返回上一页，写短一些再提交。"),
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
        mark("填写的内容有误"),
        mark("有一项内容我们读不懂。"),
        mark("请返回上一页，检查后再提交。"),
    ),
    HTTPStatus.BAD_REQUEST: (
        mark("填写的内容有误"),
        mark("有一项内容我们读不懂。"),
        mark("请返回上一页，检查后再提交。"),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        mark("操作太频繁"),
        mark("短时间内从您的网络来了太多请求。"),
        mark("请等一分钟再试。"),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        mark("外部系统暂时没有回应"),
        mark("我们没有收到对方系统的结果。"),
        mark("请几分钟后再试；同一笔操作不会重复扣款。"),
    ),
}

_SAY_NOTHING_OF_MONEY = frozenset({"loan.not_active", "idempotency.key_reused", "session.over"})
"""Refusals after which something may have been signed or paid before."""

_OURS: tuple[str, str, str] = (
    mark("我们这边出了问题"),
    mark("这不是您的操作造成的，已经记录下来。"),
    mark("请稍后再试；如果急用，请联系咨询与投诉。"),
)


def problem(reader: Reader, error: SanshiError, back: str = "") -> Problem:
    """Make the page for an error; the words depend on its code, else on its status."""
    return _problem(reader, error.status, _KNOWN.get(error.code), error.code, back)


def problem_of_status(reader: Reader, status: int, back: str = "") -> Problem:
    """Make the page for a bare HTTP status, such as an address that does not exist."""
    return _problem(reader, status, None, f"http.{status}", back)


def _problem(
    reader: Reader, status: int, known: tuple[str, str, str] | None, code: str, back: str
) -> Problem:
    say = reader.say
    title, what, advice = known or _BY_STATUS.get(status, _OURS)
    nothing_moved = known is not None and code not in _SAY_NOTHING_OF_MONEY
    return Problem(
        status=status,
        title=say(title),
        what=say(what) + (say(_NO_MONEY) if nothing_moved else Markup()),
        advice=say(advice),
        code=code,
        back=back,
    )
