"""The sheets: what each list of the desk shows, in words and columns."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

from sanshi.documents.words import word
from sanshi.web.language import mark
from sanshi.web.reader import Reader
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench.accruals import came_from
from sanshi.web.workbench.cells import (
    EMPTY,
    Cell,
    Line,
    account,
    coded,
    day,
    fen,
    ident,
    instant,
    merchant,
    number,
    payer,
    product,
    rate,
    staged,
    words,
)
from sanshi.web.workbench.lists import Column, Sheet
from sanshi.web.workbench.settlement_sheets import SETTLEMENTS
from sanshi.web.workbench.words import named_code

_STAGE = mark("状态")
_SEARCH_IDS = mark("编号")


def late(reader: Reader, line: Line) -> Cell:
    """How many days a loan is past due."""
    if line["fault"]:
        return Cell(reader.say("算不出来"), tone="bad")
    days = line["days_past_due"]
    return Cell(reader.say("{n} 天", n=days), tone="bad", plain=str(days)) if days else number(0)


def _fen_or_fault(line: Line, name: str) -> Cell:
    return EMPTY if line["fault"] else fen(line[name])


def _next_due(_reader: Reader, line: Line) -> Cell:
    return EMPTY if line["fault"] else day(line["next_due"])


def _plan(reader: Reader, line: Line) -> Cell:
    made = product(reader, line["product"])
    under = reader.say(
        "{n} 期 · {method}",
        n=line["term_months"],
        method=word(f"method.{line['method']}", reader.language),
    )
    return Cell(made.text, under=under, plain=f"{made.exported} {line['term_months']}")


def _age(reader: Reader, line: Line) -> Cell:
    if line["stage"] != "open":
        return EMPTY
    days = line["age_days"]
    return Cell(reader.say("{n} 天", n=days), plain=str(days))


def _about(_reader: Reader, line: Line) -> Cell:
    """What a case is about: a person's letter is about their loan, or about them."""
    details = line["details"]
    return ident(details.get("loan_id") or details.get("person_id") or line["subject"])


def _due(reader: Reader, line: Line) -> Cell:
    if line["late"]:
        return Cell(reader.say("已过 {day}", day=line["due_date"]), tone="bad")
    return day(line["due_date"])


def _amount_of_case(_reader: Reader, line: Line) -> Cell:
    amount_fen = line["details"].get("amount_fen")
    return fen(amount_fen) if isinstance(amount_fen, int) else EMPTY


def _who(_reader: Reader, line: Line) -> Cell:
    name, actor = line["actor_name"], line["actor"]
    shown = ident(actor, "")
    if not name:
        return shown
    return Cell(escape(name), under=shown.text, plain=f"{name} {actor}")


def _roles(reader: Reader, line: Line) -> Cell:
    said = reader.say.joined(named_code(reader.say, "role", role) for role in line["roles"])
    return Cell(said)


def _account_state(reader: Reader, line: Line) -> Cell:
    if line["disabled_on"]:
        return Cell(reader.say("已停用 {day}", day=line["disabled_on"]), tone="plain")
    if line["must_change"]:
        return Cell(reader.say("待首次改密"), tone="wait")
    return Cell(reader.say("使用中"), tone="good")


def _key_state(reader: Reader, line: Line) -> Cell:
    if line["revoked_on"]:
        return Cell(reader.say("已撤销 {day}", day=line["revoked_on"]), tone="plain")
    return Cell(reader.say("使用中"), tone="good")


def _disable(reader: Reader, line: Line) -> Cell:
    if not line["may_end"]:
        return EMPTY
    href = at.one(at.ACCOUNTS, line["account_id"], "disable")
    return Cell(reader.say("停用"), href=href, plain="")


def _reset(reader: Reader, line: Line) -> Cell:
    if not line["may_end"]:
        return EMPTY
    href = at.one(at.ACCOUNTS, line["account_id"], "reset")
    return Cell(reader.say("重置密码"), href=href, plain="")


def _revoke(reader: Reader, line: Line) -> Cell:
    if line["revoked_on"]:
        return EMPTY
    return Cell(reader.say("撤销"), href=at.one(at.KEYS, line["key_id"], "revoke"), plain="")


def _person(_reader: Reader, line: Line) -> Cell:
    return ident(line["person_id"])


def _customer(reader: Reader, line: Line) -> Cell:
    if line["erased"]:
        return Cell(reader.say("已删除"), href=at.thing(line["person_id"]))
    return Cell(escape(line["full_name"]), href=at.thing(line["person_id"]))


def _lapse_title(reader: Reader, line: Line) -> Cell:
    title = reader.say.pick(line["zh"], line["en"])
    source = reader.say.pick(line["instrument_zh"], line["instrument_en"])
    return Cell(escape(title), under=escape(source), plain=title)


def _lapse_state(reader: Reader, line: Line) -> Cell:
    left = line["days_left"]
    if left < 0:
        return Cell(reader.say("已到期"), tone="bad")
    if line["followed_by"]:
        return Cell(reader.say("有后续规定"), tone="good")
    if line["expected"]:
        return Cell(reader.say("预计到期"), tone="wait")
    return Cell(reader.say("将到期"), tone="wait")


def _left(reader: Reader, line: Line) -> Cell:
    left = line["days_left"]
    return Cell(reader.say("{n} 天", n=left), plain=str(left)) if left >= 0 else EMPTY


SHEETS: Mapping[str, Sheet] = {
    "desk_applications": Sheet(
        mark("申请"),
        mark("本机构收到的申请，最新的在前。点编号看为什么通过或不通过。"),
        mark("这里会列出客户提交给本机构的申请和审批结果。"),
        (
            Column(_SEARCH_IDS, lambda _, one: ident(one["application_id"])),
            Column(mark("申请日"), lambda _, one: day(one["applied_on"]), "applied"),
            Column(mark("产品"), _plan, "plan"),
            Column(_STAGE, lambda r, one: staged(r, "application", one["stage"])),
            Column(mark("客户"), _person),
        ),
        kind="application",
        searched=mark("申请、方案或客户编号"),
        dated=mark("申请日"),
    ),
    "desk_loans": Sheet(
        mark("借据"),
        mark("本机构的借据，金额按今天的账务日期计算。"),
        mark("这里会列出签约之后的每一笔借据：剩余本金、下次应还和逾期天数。"),
        (
            Column(_SEARCH_IDS, lambda _, one: ident(one["loan_id"]), "made"),
            Column(_STAGE, lambda r, one: staged(r, "loan", one["stage"])),
            Column(mark("商户"), lambda r, one: merchant(r, one["merchant"]), "merchant"),
            Column(mark("放款金额"), lambda _, one: fen(one["principal_fen"]), right=True),
            Column(mark("年利率"), lambda _, one: rate(one["rate_ppm"]), right=True),
            Column(mark("期数"), lambda _, one: number(one["term_months"]), right=True),
            Column(mark("剩余本金"), lambda _, o: _fen_or_fault(o, "outstanding_fen"), right=True),
            Column(mark("现在应还"), lambda _, o: _fen_or_fault(o, "due_fen"), right=True),
            Column(mark("下次应还日"), _next_due),
            Column(mark("逾期天数"), late, right=True),
        ),
        kind="loan",
        searched=mark("借据、合同编号或商户"),
    ),
    "desk_customers": Sheet(
        mark("客户"),
        mark("默认脱敏。看明文须说明理由，每次都留下记录。"),
        mark("这里会列出向本机构申请过的客户，姓名和号码只显示一部分。"),
        (
            Column(mark("姓名"), _customer),
            Column(mark("身份证号"), lambda _, one: words(one["id_number"])),
            Column(mark("手机号"), lambda _, one: words(one["mobile"])),
            Column(mark("申请数"), lambda _, one: number(one["application"]), right=True),
            Column(mark("借据数"), lambda _, one: number(one["loan"]), right=True),
            Column(mark("客户编号"), _person),
        ),
        searched=mark("完整的身份证号、手机号或客户编号"),
        sorts=False,
    ),
    "desk_cases": Sheet(
        mark("案件"),
        mark("需要有人看一看的事。关闭须写明结论，并由另一人复核。"),
        mark("这里会列出对账差异、被隔离的借据和其他需要处理的事。"),
        (
            Column(_SEARCH_IDS, lambda _, one: ident(one["case_id"])),
            Column(mark("类型"), lambda r, one: coded(r, "case", one["kind"]), "kind"),
            Column(_STAGE, lambda r, one: staged(r, "case", one["stage"])),
            Column(mark("对象"), _about, "subject"),
            Column(mark("金额"), _amount_of_case, right=True),
            Column(mark("立案日"), lambda _, one: day(one["opened_on"]), "opened"),
            Column(mark("已等待"), _age, right=True),
            Column(mark("最迟答复"), _due),
        ),
        kind="case",
        kinds="case",
        kinds_title=mark("类型"),
        searched=mark("案件或对象编号"),
        dated=mark("立案日"),
    ),
    "desk_postings": Sheet(
        mark("分录"),
        mark("每一行借贷同额。点来源看它从哪里来。"),
        mark("这里会列出每一笔记账：借方、贷方、金额和来源。"),
        (
            Column(mark("序号"), lambda _, one: number(one["posting_id"])),
            Column(mark("记账日"), lambda _, one: day(one["booking_date"]), "booked"),
            Column(mark("起息日"), lambda _, one: day(one["value_date"]), "valued"),
            Column(mark("事项"), lambda r, one: coded(r, "component", one["component"])),
            Column(mark("借方"), lambda r, one: account(r, one["debit"])),
            Column(mark("贷方"), lambda r, one: account(r, one["credit"])),
            Column(mark("金额"), lambda _, one: fen(one["amount_fen"]), "amount", right=True),
            Column(mark("来源"), came_from),
        ),
        kinds="account",
        kinds_title=mark("科目"),
        searched=mark("来源、事项或付款方"),
        dated=mark("记账日"),
    ),
    "desk_payments": Sheet(
        mark("付款"),
        mark("经支付通道收付的每一笔。查证中的不会重发，只会再问。"),
        mark("这里会列出放款、还款和结算的每一笔收付，以及通道的应答。"),
        (
            Column(_SEARCH_IDS, lambda _, one: ident(one["payment_id"], "")),
            Column(_STAGE, lambda r, one: staged(r, "payment", one["stage"])),
            Column(mark("收付"), lambda r, one: coded(r, "payment", one["kind"])),
            Column(mark("用途"), lambda r, one: coded(r, "purpose", one["purpose"]), "purpose"),
            Column(mark("金额"), lambda _, one: fen(one["amount_fen"]), "amount", right=True),
            Column(mark("指令日"), lambda _, one: day(one["ordered_on"]), "ordered"),
            Column(mark("起息日"), lambda _, one: day(one["value_date"])),
            Column(mark("对象"), lambda _, one: ident(one["subject"])),
        ),
        kind="payment",
        kinds="purpose",
        kinds_title=mark("用途"),
        searched=mark("付款或对象编号"),
        dated=mark("指令日"),
    ),
    "desk_claims": Sheet(
        mark("资金方结算"),
        mark("替资金方垫付的优惠和贴息，汇总后向其收款。"),
        mark("这里会列出向每个资金方提交的结算：金额、明细和是否收到。"),
        (
            Column(_SEARCH_IDS, lambda _, one: ident(one["claim_id"])),
            Column(mark("资金方"), lambda r, one: payer(r, one["funder"]), "funder"),
            Column(mark("第几次"), lambda _, one: number(one["number"]), right=True),
            Column(mark("金额"), lambda _, one: fen(one["amount_fen"]), "amount", right=True),
            Column(mark("提交日"), lambda _, one: day(one["claimed_on"]), "claimed"),
            Column(_STAGE, lambda r, one: staged(r, "claim", one["stage"])),
        ),
        kind="claim",
        searched=mark("结算编号或资金方"),
        dated=mark("提交日"),
    ),
    "desk_settlements": SETTLEMENTS,
    "desk_audit": Sheet(
        mark("查阅记录"),
        mark("谁在什么时候看了谁的资料，为什么。记录先于答复写入。"),
        mark("这里会列出每一次查看个人资料的记录。"),
        (
            Column(mark("时间"), lambda _, one: instant(one["at"]), "at"),
            Column(mark("谁"), _who, "actor"),
            Column(mark("角色"), lambda r, one: coded(r, "role", one["role"])),
            Column(mark("做了什么"), lambda r, one: coded(r, "action", one["action"]), "action"),
            Column(mark("对象"), lambda _, one: ident(one["subject"])),
            Column(mark("理由"), lambda r, one: coded(r, "why", one["purpose"])),
        ),
        kinds="action",
        kinds_title=mark("做了什么"),
        searched=mark("人员、对象或理由"),
    ),
    "desk_proposals": Sheet(
        mark("双人复核"),
        mark("一人提交，另一人复核；提交的人不能复核自己的。五天没人复核就过期。"),
        mark("这里会列出等待复核和已经复核的事项。"),
        (
            Column(_SEARCH_IDS, lambda _, one: ident(one["proposal_id"])),
            Column(mark("事项"), lambda r, one: coded(r, "flow", one["flow"]), "what"),
            Column(mark("对象"), lambda _, one: ident(one["subject"])),
            Column(_STAGE, lambda r, one: staged(r, "proposal", one["stage"])),
            Column(mark("提交人"), lambda _, one: words(one["maker_name"] or one["maker"])),
            Column(mark("提交日"), lambda _, one: day(one["made_on"]), "made"),
            Column(mark("最迟"), lambda _, one: day(one["expires_on"])),
        ),
        kind="proposal",
        kinds="flow",
        kinds_title=mark("事项"),
        searched=mark("编号或对象"),
        dated=mark("提交日"),
    ),
    "desk_accounts": Sheet(
        mark("员工账户"),
        mark("谁可以登录工作台，有哪些角色。新增和停用都须另一位管理员复核。"),
        mark("这里会列出可以登录工作台的人。"),
        (
            Column(mark("用户名"), lambda _, one: words(one["user_name"]), "name"),
            Column(mark("姓名"), lambda _, one: words(one["display_name"])),
            Column(mark("角色"), _roles),
            Column(_STAGE, _account_state),
            Column(mark("建立日"), lambda _, one: day(one["created_on"]), "created"),
            Column(mark("密码"), _reset),
            Column(mark("操作"), _disable),
        ),
        searched=mark("用户名或姓名"),
        dated=mark("建立日"),
        act=(f"{at.ACCOUNTS}/new", mark("新增账户")),
        act_roles=frozenset({"admin"}),
    ),
    "desk_api_keys": Sheet(
        mark("API 密钥"),
        mark("程序用密钥办事，每把密钥只有一个角色。签发和撤销都须另一位管理员复核。"),
        mark("这里会列出签发给程序的密钥；密钥本身只在签发时显示一次。"),
        (
            Column(_SEARCH_IDS, lambda _, one: ident(one["key_id"], "")),
            Column(mark("说明"), lambda _, one: words(one["label"])),
            Column(mark("角色"), lambda r, one: coded(r, "role", one["role"]), "role"),
            Column(_STAGE, _key_state),
            Column(mark("签发日"), lambda _, one: day(one["issued_on"]), "issued"),
            Column(mark("操作"), _revoke),
        ),
        searched=mark("说明或编号"),
        dated=mark("签发日"),
        act=(f"{at.KEYS}/new", mark("签发密钥")),
        act_roles=frozenset({"admin"}),
    ),
    "desk_lapsing": Sheet(
        mark("到期的政策"),
        mark("已到期而没有后续的规定，和九十天内到期的规定。没有核实的不会当作法规使用。"),
        mark("这里会列出快到期的规定，让人提前准备。"),
        (
            Column(mark("规定"), _lapse_title),
            Column(_STAGE, _lapse_state),
            Column(mark("到期日"), lambda _, one: day(one["ends"])),
            Column(mark("还有"), _left, right=True),
            Column(mark("后续从"), lambda _, one: day(one["followed_by"] or "")),
            Column(
                mark("核实"), lambda r, o: words(word(f"confidence.{o['confidence']}", r.language))
            ),
            Column(mark("代码"), lambda _, one: Cell(Markup("{}").format(one["key"]), code=True)),
        ),
        sorts=False,
    ),
}
