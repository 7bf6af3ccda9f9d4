"""Words and figures of documents: fixed vocabulary in zh and en, amounts, rates, dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.money import yuan
from sanshi.kernel.reasons import Language

LANG_TAGS: Mapping[Language, str] = {"zh": "zh-CN", "en": "en"}

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_WORDS: Mapping[str, tuple[str, str]] = {
    "method.equal_instalment": ("等额本息", "Equal instalments"),
    "method.equal_principal": ("等额本金", "Equal principal"),
    "method.interest_only": ("先息后本", "Interest first, principal at the end"),
    "method.bullet": ("到期一次还本付息", "Everything at the end"),
    "meaning.equal_instalment": (
        "每期金额相同（末期可能略有差别）；利息按剩余本金计，总体上逐期减少",
        "every instalment is the same (the last may differ slightly); interest follows the balance",
    ),
    "meaning.equal_principal": (
        "每期本金相同，利息随剩余本金减少，每期金额逐期下降",
        "the same principal each time; interest follows the balance, so instalments get smaller",
    ),
    "meaning.interest_only": (
        "每月只付利息，本金在末期一次还清",
        "interest only each month; the whole principal with the last instalment",
    ),
    "meaning.bullet": (
        "本金和利息在到期日一次还清",
        "principal and interest together on the last day",
    ),
    "collected.equal_instalment": ("随每期收取", "With each instalment"),
    "collected.equal_principal": ("随每期收取", "With each instalment"),
    "collected.interest_only": ("按月收取", "Each month"),
    "collected.bullet": ("到期一次收取", "Once, at the end"),
    "collected.daily_on_overdue": ("逾期后按日收取", "Daily, once overdue"),
    "good.goods": ("商品", "goods"),
    "good.car": ("车辆", "car"),
    "good.plate": ("车辆额度", "plate quota"),
    "good.purchase": ("商品或服务", "goods or services"),
    "returning.goods": ("如果退货", "If you return the goods"),
    "returning.car": ("如果退车", "If you return the car"),
    "returning.plate": ("如果额度退回", "If the plate quota is given back"),
    "returning.purchase": ("如果退货或退款", "If what you bought is returned or refunded"),
    "channel.online": ("线上", "Online"),
    "channel.branch": ("在门店当面办理", "In person, at the shop"),
    "item.penalty_interest": ("逾期罚息", "Penalty interest on arrears"),
    "when.at_checkout": ("付款时直接抵减价格", "Taken off the price when you pay"),
    "when.reimbursed_later": (
        "购买之后由承担方另行支付",
        "After the purchase, straight from whoever pays it",
    ),
    "when.at_interest_settlement": (
        "每期结息时抵减当期利息；已经付了的，记为您的余额，用于以后的还款",
        (
            "When each period’s interest is settled, it lowers that interest; "
            "what you had already paid becomes your credit for later instalments"
        ),
    ),
    "unsure.at_checkout.conditional": (
        (
            "要有有效的补贴资格券才能得到，报价时您没有可用的资格券。取得后须重新报价、"
            "另定合同；本合同签订之后不会补给"
        ),
        (
            "It takes a valid voucher, and you held none for this when the quote was made. "
            "With one, ask for a new quote and a new contract; "
            "nothing is added after this one is signed"
        ),
    ),
    "unsure.reimbursed_later.held": (
        "是否到账、何时到账取决于承担方。没有到账的，本合同的金额不变",
        (
            "Whether and when it comes is up to whoever pays it. "
            "If it does not, the amounts of this contract stay the same"
        ),
    ),
    "unsure.reimbursed_later.conditional": (
        "能否得到、何时到账取决于承担方的审核。没有到账的，本合同的金额不变",
        (
            "Whether and when it comes is for whoever pays it to decide. "
            "If it does not, the amounts of this contract stay the same"
        ),
    ),
    "unsure.at_interest_settlement.conditional": (
        (
            "能否得到，按放款当天的政策确定；您在同一机构得到的补贴总额可能有上限；"
            "提前还款会减少它，退货会收回它。没有到账的，全部利息由您承担"
        ),
        (
            "Whether you get it follows from the policy of the day the money goes out; "
            "what you get through one institution may be capped; "
            "paying early lessens it and returned goods take it back. "
            "If it does not come, you bear all the interest"
        ),
    ),
    "day_count.30/360": (
        "每月按 30 天、每年按 360 天计",
        "months of 30 days, a year of 360",
    ),
    "day_count.month/12": (
        "每月按一年的十二分之一计，不足一月按当月实际天数分摊",
        "each month a twelfth of a year, a part of it by its actual days",
    ),
    "day_count.act/360": ("按实际天数、每年按 360 天计", "actual days, a year of 360"),
    "day_count.act/364": ("按实际天数、每年按 364 天计", "actual days, a year of 364"),
    "day_count.act/365": ("按实际天数、每年按 365 天计", "actual days, a year of 365"),
    "day_count.act/act": (
        "按实际天数和当年实际天数计",
        "actual days, over the days of that year",
    ),
    "rounding.half_up": ("四舍五入到分", "rounded to the nearest fen, halves up"),
    "rounding.half_even": (
        "四舍六入五成双到分",
        "rounded to the nearest fen, halves to the even one",
    ),
    "rounding.up": ("不足一分进为一分", "rounded up to the fen"),
    "rounding.down": ("不足一分舍去", "rounded down to the fen"),
    "result.pass": ("通过", "Pass"),
    "result.warn": ("提示", "Notice"),
    "result.fail": ("不符", "Fail"),
    "result.unknown": ("未知", "Unknown"),
    "standing.law": ("法规", "Law"),
    "standing.house_own": ("本机构规则", "House rule"),
    "standing.house_wider": ("本机构规则", "House rule"),
    "standing.house_unverified": ("本机构规则（尚未核实）", "House rule (not verified)"),
    "standing.warning_unverified": ("提示（尚未核实）", "Notice (not verified)"),
    "standing.warning_advisory": ("提示（不具强制力）", "Notice (not binding)"),
    "standing.information": ("说明", "Information"),
    "source.law": ("依据{}", "Under {}"),
    "source.house_own": ("{}交由机构自定", "Left to the lender by {}"),
    "source.house_wider": ("比照{}，由本机构自行适用", "The lender’s own, modelled on {}"),
    "source.house_unverified": ("参照{}", "After {}"),
    "source.warning_unverified": ("据{}", "After {}"),
    "source.warning_advisory": ("据{}", "After {}"),
    "source.information": ("出自{}", "From {}"),
    "confidence.V1": ("已核对文件原文", "text of the document seen"),
    "confidence.V2": (
        "已据可靠公开来源核对，未见文件原文",
        "confirmed in reliable published sources; the document itself not seen",
    ),
    "confidence.V2s": ("仅见一处转述，尚未核实", "one report only, not verified"),
    "confidence.M": ("来源尚未核实", "source not verified"),
    "confidence.X": ("未查到", "not found"),
}


def word(code: str, language: Language) -> str:
    """Return a fixed word; a code without words is a fault of ours."""
    pair = _WORDS.get(code)
    if pair is None:
        raise ImpossibleError(
            "document.no_words",
            f"Documents have no words for {code}.",
            field=code.partition(".")[0],
            fix="Add both languages in documents/words.py.",
        )
    return pair[0] if language == "zh" else pair[1]


def money(amount_fen: int) -> str:
    """Write 699900 fen as '¥6,999.00'."""
    sign = "−" if amount_fen < 0 else ""
    return f"{sign}¥{yuan(abs(amount_fen))}"


def exact_percent(rate_ppm: int) -> str:
    """Write 48,000 ppm as '4.80%' and 267,902 ppm as '26.7902%': two decimals, more if needed."""
    whole, rest = divmod(abs(rate_ppm), 10_000)
    digits = f"{rest:04d}"
    shown = digits[:2] + digits[2:].rstrip("0")
    return f"{'−' if rate_ppm < 0 else ''}{whole}.{shown}%"


def long_date(day: date, language: Language) -> str:
    """Write '2026年11月22日' or '22 November 2026'."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
