"""Codes of the desk in words, each stage with a colour that only repeats the word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from markupsafe import Markup, escape

from sanshi.web.language import Tongue, mark

Tone = Literal["good", "wait", "bad", "plain", "info"]
Staged = Mapping[str, tuple[str, Tone]]

ROLES: Mapping[str, str] = {
    "product": mark("产品"),
    "risk": mark("风控"),
    "servicing": mark("贷后运营"),
    "conduct": mark("消费者保护"),
    "audit": mark("审计"),
    "admin": mark("管理员"),
    "system": mark("系统"),
    "consumer": mark("客户本人"),
    "merchant": mark("商户"),
}
LOAN_STAGES: Staged = {
    "pending": (mark("等待放款"), "wait"),
    "disbursing": (mark("正在放款"), "wait"),
    "disbursement_unknown": (mark("放款结果查证中"), "wait"),
    "active": (mark("还款中"), "good"),
    "settled": (mark("已结清"), "plain"),
    "written_off": (mark("已核销"), "bad"),
    "transferred": (mark("已转让"), "plain"),
    "cancelled": (mark("已取消"), "plain"),
}
APPLICATION_STAGES: Staged = {
    "draft": (mark("待审批"), "wait"),
    "referred": (mark("转人工"), "wait"),
    "approved": (mark("通过"), "good"),
    "declined": (mark("未通过"), "bad"),
    "withdrawn": (mark("已撤回"), "plain"),
    "expired": (mark("已过期"), "plain"),
}
CASE_STAGES: Staged = {"open": (mark("待处理"), "wait"), "closed": (mark("已关闭"), "plain")}
PAYMENT_STAGES: Staged = {
    "intended": (mark("待发送"), "wait"),
    "sent": (mark("已发送"), "info"),
    "unknown": (mark("查证中"), "bad"),
    "succeeded": (mark("成功，待对账"), "info"),
    "settled": (mark("已对账"), "good"),
    "failed": (mark("失败"), "bad"),
}
CLAIM_STAGES: Staged = {"submitted": (mark("已提交"), "wait"), "paid": (mark("已收到"), "good")}
SETTLEMENT_STAGES: Staged = {
    "ordered": (mark("正在付款"), "wait"),
    "paid": (mark("已付款"), "good"),
    "failed": (mark("没有付成"), "bad"),
    "carried": (mark("无须付款"), "plain"),
}
PROPOSAL_STAGES: Staged = {
    "open": (mark("待复核"), "wait"),
    "approved": (mark("已同意"), "good"),
    "rejected": (mark("已驳回"), "bad"),
    "withdrawn": (mark("已撤回"), "plain"),
    "expired": (mark("已过期"), "plain"),
}
CONTRACT_STAGES: Staged = {
    "offered": (mark("待签署"), "wait"),
    "signed": (mark("已签署"), "good"),
    "ended": (mark("已终止"), "plain"),
    "cancelled": (mark("已取消"), "plain"),
}
STAGES: Mapping[str, Staged] = {
    "loan": LOAN_STAGES,
    "application": APPLICATION_STAGES,
    "case": CASE_STAGES,
    "payment": PAYMENT_STAGES,
    "claim": CLAIM_STAGES,
    "settlement": SETTLEMENT_STAGES,
    "proposal": PROPOSAL_STAGES,
    "contract": CONTRACT_STAGES,
}
CASE_KINDS: Mapping[str, str] = {
    "complaint": mark("投诉"),
    "enquiry": mark("咨询"),
    "review": mark("申请人工复核"),
    "hardship": mark("还款困难"),
    "goods_return": mark("想要退货"),
    "rail_unknown_line": mark("对账：通道有、本方没有"),
    "rail_missing_in_statement": mark("对账：本方有、通道没有"),
    "rail_amount_differs": mark("对账：金额不一致"),
    "rail_not_confirmed": mark("对账：通道已记、本方未确认"),
    "rail_unexplained": mark("对账：清算户差额无法解释"),
    "rail_contradiction": mark("通道前后结果矛盾"),
    "rail_answer": mark("通道应答异常"),
    "rail_amount": mark("通道金额不符"),
    "close_quarantine": mark("日终：借据被隔离"),
}
FLOWS: Mapping[str, str] = {
    "close_case": mark("关闭案件"),
    "change_loan": mark("变更借据"),
    "write_off_loan": mark("核销借据"),
    "transfer_loan": mark("转让借据"),
    "record_transfer_price": mark("登记收到的转让价款"),
    "add_account": mark("新增账户"),
    "disable_account": mark("停用账户"),
    "reset_password": mark("重置密码"),
    "issue_api_key": mark("签发 API 密钥"),
    "revoke_api_key": mark("撤销 API 密钥"),
}
PURPOSES: Mapping[str, str] = {
    "disburse": mark("放款"),
    "instalment": mark("还到期款"),
    "prepay_lower": mark("提前还一部分，每期少还"),
    "prepay_shorten": mark("提前还一部分，缩短期限"),
    "settle": mark("提前结清"),
    "goods_return": mark("商户退款"),
    "credit": mark("退还余额"),
    "claim": mark("向资金方收款"),
    "merchant": mark("付给商户"),
    "settlement": mark("商户结算"),
}
PAYMENT_KINDS: Mapping[str, str] = {
    "pay": mark("付出"),
    "collect": mark("收入"),
    "refund": mark("退回"),
}
COMPONENTS: Mapping[str, str] = {
    "ordered": mark("放款指令"),
    "disbursed": mark("放款"),
    "interest_earned": mark("计提利息"),
    "penalty_earned": mark("计提罚息"),
    "received": mark("收款"),
    "principal_paid": mark("还本金"),
    "interest_paid": mark("还利息"),
    "penalty_paid": mark("还罚息"),
    "credit_returned": mark("退还余额"),
    "subsidy_granted": mark("贴息"),
    "benefit_given": mark("优惠补贴"),
    "claim_paid": mark("资金方付款"),
    "merchant_paid": mark("付给商户"),
    "owed_to_merchant": mark("应付商户"),
    "refund_netted": mark("退货扣减应付商户"),
    "settlement_paid": mark("商户结算"),
    "merchant_fee": mark("商户手续费"),
    "merchant_fee_vat": mark("商户手续费的增值税"),
    "reserve_held": mark("扣留保证金"),
    "reserve_released": mark("释放保证金"),
    "settled_out": mark("对账：付出"),
    "settled_in": mark("对账：收入"),
    "unmatched_in": mark("暂收"),
    "written_off_principal": mark("核销本金"),
    "written_off_interest": mark("核销利息"),
    "written_off_penalty": mark("核销罚息"),
    "recovered": mark("收回已核销款项"),
    "transferred_principal": mark("转让本金"),
    "transferred_interest": mark("转让利息"),
    "transferred_penalty": mark("转让罚息"),
    "transfer_loss": mark("转让损失"),
    "transfer_price_paid": mark("收到转让价款"),
}
SETTLEMENT_LINES: Mapping[str, str] = {
    "capture": mark("交货货款"),
    "refund": mark("退货退款"),
    "fee": mark("商户手续费"),
    "fee_vat": mark("商户手续费的增值税"),
    "reserve_held": mark("扣留保证金"),
    "reserve_released": mark("释放保证金"),
    "carried": mark("上一批结转"),
    "unpaid": mark("上一批没有付成"),
}
SETTLEMENT_EVENTS: Mapping[str, str] = {
    "made": mark("汇总成批"),
    "paid": mark("通道已付给商户"),
    "failed": mark("通道没有付成"),
}
ACTIONS: Mapping[str, str] = {
    "view_loan": mark("查看借据"),
    "view_contract": mark("查看合同"),
    "view_application": mark("查看申请"),
    "view_customer": mark("查看客户（脱敏）"),
    "list_customers": mark("浏览客户（脱敏）"),
    "find_customer": mark("按号码查找客户"),
    "unmask_customer": mark("查看客户明文"),
    "read_request": mark("阅读客户来信"),
    "replay_decision": mark("重放决策"),
    "get_receipt": mark("取得凭证"),
    "list_own_loans": mark("本人查看借款"),
    "export_list": mark("导出列表"),
    "export_books": mark("导出账务"),
    "sign_in": mark("登录"),
    "change_password": mark("修改密码"),
}
EVENTS: Mapping[str, str] = {
    "agreed": mark("签约"),
    "ordered": mark("放款指令"),
    "unanswered": mark("未收到应答"),
    "refused": mark("通道拒绝"),
    "disbursed": mark("放款"),
    "repaid": mark("还款"),
    "completed": mark("到期结清"),
    "subsidy_granted": mark("贴息"),
    "subsidy_withdrawn": mark("收回贴息"),
    "credit_returned": mark("退还余额"),
    "rate_changed": mark("利率调整"),
    "due_day_changed": mark("变更还款日"),
    "extended": mark("展期"),
    "grace_given": mark("宽限"),
    "paused": mark("延期还款"),
    "reaged": mark("逾期并入后续还款"),
    "restructured": mark("重组"),
    "waived": mark("减免"),
    "reversed": mark("冲销"),
    "written_off": mark("核销"),
    "recovered": mark("收回已核销款项"),
    "transferred": mark("转让"),
    "price_paid": mark("收到转让价款"),
    "cancelled": mark("取消"),
    "opened": mark("立案"),
    "closed": mark("关闭"),
    "proposed": mark("已提交"),
    "approved": mark("同意"),
    "rejected": mark("驳回"),
    "withdrawn": mark("撤回"),
    "expired": mark("过期"),
    "submitted": mark("已提交"),
    "paid": mark("收到款项"),
    "failed": mark("失败"),
    "applied": mark("申请"),
    "decided": mark("审批"),
}
STATES: Mapping[str, str] = {
    "missing": mark("未提供"),
    "mistyped": mark("无法读取"),
    "no_consent": mark("未获授权"),
    "stale": mark("已过有效期"),
}
WHY: Mapping[str, str] = {
    "own": mark("本人"),
    "masked": mark("脱敏显示"),
    "export": mark("导出列表"),
    "audit": mark("审计"),
    **{role: ROLES[role] for role in ("product", "risk", "servicing", "conduct", "admin")},
}
CONSENTS: Mapping[str, str] = {
    "credit_report": mark("征信查询授权"),
    "housing_fund": mark("公积金、个税数据授权"),
}
TABLES: Mapping[str, Mapping[str, str]] = {
    "role": ROLES,
    "case": CASE_KINDS,
    "flow": FLOWS,
    "purpose": PURPOSES,
    "payment": PAYMENT_KINDS,
    "component": COMPONENTS,
    "settlement_line": SETTLEMENT_LINES,
    "settlement_event": SETTLEMENT_EVENTS,
    "action": ACTIONS,
    "event": EVENTS,
    "state": STATES,
    "consent": CONSENTS,
    "why": WHY,
}


def known(table: str, code: str) -> bool:
    """Say whether a code has words."""
    return code in TABLES[table]


def named_code(say: Tongue, table: str, code: str) -> Markup:
    """Return a code in words; one that nobody has words for stands as it is."""
    text = TABLES[table].get(code)
    return escape(code) if text is None else say(text)


def stage(say: Tongue, kind: str, code: str) -> tuple[Markup, Tone]:
    """Return a stage in words with its colour."""
    text, tone = STAGES[kind].get(code, ("", "plain"))
    return (say(text) if text else escape(code)), tone
