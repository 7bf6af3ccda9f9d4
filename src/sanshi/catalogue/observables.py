"""What a rule may look at: the register of observables and attributes.

Packs name only what is registered here. An *attribute* belongs to the purchase, lender, product
or borrower and decides whether a rule binds (equality and membership only). An *observable* is
measured on one plan and compared with the value in force. A boolean or text observable may also
stand in a rule's `when`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sanshi.catalogue.units import Dimension, check_rating
from sanshi.catalogue.vocabulary import LENDER_TYPES, PRODUCT_KINDS, PURPOSES


@dataclass(frozen=True, slots=True)
class Attribute:
    """A property that decides whether a rule binds; `values` lists its words (empty: any word)."""

    name: str
    zh: str
    en: str
    values: tuple[str, ...] = ()
    flag: bool = False

    def accepts(self, value: object) -> bool:
        """Say whether a value is one of this attribute's."""
        if self.flag:
            return isinstance(value, bool)
        return isinstance(value, str) and (not self.values or value in self.values)


@dataclass(frozen=True, slots=True)
class Observable:
    """Something measured on a plan.

    Args:
        dimension: what it measures, in our units (fen, ppm, months, flag, codes …).
        zh, en: what exactly, in words a lawyer can check.
        values: the words of a text observable (empty: any word).
    """

    name: str
    dimension: Dimension
    zh: str
    en: str
    values: tuple[str, ...] = ()

    def accepts(self, value: object) -> bool:
        """Say whether a measured value has this observable's type; a bool is no number."""
        match self.dimension:
            case "flag":
                return isinstance(value, bool)
            case "codes":
                return isinstance(value, frozenset | set | tuple | list) and all(
                    isinstance(item, str) for item in value
                )
            case "text":
                known = not self.values or value in self.values
                return isinstance(value, str) and bool(value) and known
            case "rating":
                return isinstance(value, str) and _is_rating(value)
            case _:
                return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_rating(text: str) -> bool:
    try:
        check_rating(text)
    except ValueError:
        return False
    return True


CAR_TIERS = ("nev", "ice", "ice_VI_b", "ice_le_2.0L")
"""Kinds of car that trade-in schemes tell apart."""

_ATTRIBUTES = (
    Attribute("lender_type", "机构类型", "type of the lender", LENDER_TYPES),
    Attribute("product_kind", "产品种类", "kind of product", PRODUCT_KINDS),
    Attribute("purpose", "贷款用途", "what the money is for", tuple(PURPOSES)),
    Attribute("category", "商品或服务类别", "category of the thing bought, a word of the packs"),
    Attribute(
        "channel",
        "渠道：online 为互联网贷款（线上受理并线上风控），branch 为线下",
        "online: an Internet loan, taken and assessed online; branch: in person",
        ("online", "branch"),
    ),
    Attribute(
        "method",
        "还款方式",
        "repayment method",
        ("equal_instalment", "equal_principal", "interest_only", "bullet"),
    ),
    Attribute(
        "at_checkout",
        "是否在订单支付页面办理",
        "whether the instalment is offered on an order's payment page",
        flag=True,
    ),
    Attribute(
        "payment_page_operator",
        "支付页面的运营方",
        "who runs the payment page",
        LENDER_TYPES,
    ),
    Attribute("facilitated", "是否助贷", "whether a platform facilitates the loan", flag=True),
    Attribute("student", "借款人是否在校大学生", "whether the borrower is a student", flag=True),
    Attribute("energy", "车辆动力", "what drives the car", ("ice", "bev", "phev", "fcev")),
    Attribute("vehicle_use", "车辆用途", "use of the car", ("private", "commercial")),
    Attribute("vehicle_state", "新车或二手车", "new or used car", ("new", "used")),
)

_OBSERVABLES = (
    Observable("borrower.age_years", "years", "借款人周岁年龄", "the borrower's full years of age"),
    Observable("borrower.student", "flag", "借款人是在校大学生", "the borrower is a student"),
    Observable(
        "borrower.second_repayment_source",
        "flag",
        "第二还款来源（父母、监护人等）已书面同意",
        "a second repayment source (parent, guardian …) has agreed in writing",
    ),
    Observable(
        "purchase.purpose", "text", "贷款用途代码", "purpose code of the loan", tuple(PURPOSES)
    ),
    Observable(
        "borrower.internet_consumer_balance_fen",
        "fen",
        "该机构对借款人的互联网消费贷款余额（含本笔）",
        "Internet consumer credit this lender grants this borrower, this loan included",
    ),
    Observable(
        "borrower.credit_balance_fen",
        "fen",
        "该机构对借款人的授信余额（含本笔）",
        "all credit this lender grants this borrower, this loan included",
    ),
    Observable("loan.term_months", "months", "贷款期限", "term of the loan"),
    Observable(
        "loan.over_one_month", "flag", "期限超过一个月", "the term is longer than one month"
    ),
    Observable(
        "loan.self_paid_draw_fen",
        "fen",
        "单次自主支付金额（受托支付的部分不计）",
        "largest single draw paid to the borrower's own account; what goes straight to the "
        "payee (entrusted payment) counts as nothing",
    ),
    Observable(
        "loan.ltv_ppm",
        "ppm",
        "贷款金额占计价基础的比例（向上取整）",
        "loan over the price basis of the car, rounded up",
    ),
    Observable(
        "loan.finances_plate", "flag", "贷款用于支付车辆额度费用", "the loan pays for a plate quota"
    ),
    Observable(
        "cost.nominal_ppm",
        "ppm",
        "年化综合融资成本（单利口径，息费全部计入，未扣除第三方贴息）",
        "annualised comprehensive cost, nominal, every fee counted, before third-party subsidy",
    ),
    Observable(
        "cost.effective_ppm",
        "ppm",
        "年化综合融资成本（复利口径，息费全部计入，未扣除第三方贴息）",
        "annualised comprehensive cost, effective, every fee counted, before third-party subsidy",
    ),
    Observable(
        "disclosure.fields",
        "codes",
        "综合融资成本明示表已载明的内容",
        "what the cost disclosure table states",
    ),
    Observable("disclosure.places", "codes", "明示表的展示位置", "where the table is shown"),
    Observable(
        "confirmation.steps", "codes", "线上确认已完成的步骤", "steps of the online confirmation"
    ),
    Observable(
        "payment_page.lists_loans",
        "flag",
        "贷款被列为支付选项",
        "a loan stands among the payment options",
    ),
    Observable("dealer.commission_ppm", "ppm", "返佣占贷款比例", "dealer commission over loan"),
    Observable("fiscal_subsidy.claimed", "flag", "申请财政贴息", "claims the interest subsidy"),
    Observable("fiscal_subsidy.product", "text", "贴息产品类别", "product class for the subsidy"),
    Observable("fiscal_subsidy.rate_ppm", "ppm", "贴息年利率", "annual rate of the subsidy"),
    Observable(
        "fiscal_subsidy.share_ppm",
        "ppm",
        "贴息利率占合同利率的比例（向上取整）",
        "subsidy rate over contract rate, rounded up",
    ),
    Observable(
        "fiscal_subsidy.granted_fen",
        "fen",
        "借款人在本机构本期累计贴息（含本笔）",
        "subsidy of this borrower at this lender in the cap's period, this loan included",
    ),
    Observable(
        "fiscal_subsidy.transaction_fen", "fen", "单笔消费的贴息", "subsidy of one transaction"
    ),
    Observable(
        "fiscal_subsidy.small_tickets_fen",
        "fen",
        "单笔 5 万元以下消费的累计贴息（含本笔）",
        "subsidy on transactions below the large-ticket threshold, this one included",
    ),
    Observable(
        "fiscal_subsidy.base_fen",
        "fen",
        "单笔消费计入贴息的本金",
        "principal of one transaction that bears the subsidy",
    ),
    Observable(
        "fiscal_subsidy.large_ticket",
        "flag",
        "单笔消费达到大额标准",
        "the transaction reaches the large-ticket threshold",
    ),
    Observable(
        "fiscal_subsidy.field", "text", "消费领域代码", "field of consumption of the purchase"
    ),
    Observable("lender.listed", "flag", "机构在贴息经办名单", "the lender is on the central list"),
    Observable("lender.rating", "rating", "监管评级", "supervisory rating of the lender"),
    Observable(
        "trade_in.scheme",
        "text",
        "以旧换新补贴类别",
        "trade-in scheme claimed, or none",
        ("none", "appliance", "digital", "home", "ebike", "car_scrap", "car_replace"),
    ),
    Observable(
        "trade_in.tier",
        "text",
        "补贴档次",
        "tier within the scheme, or none",
        ("none", "grade1", "grade2", "elder_friendly", *CAR_TIERS),
    ),
    Observable(
        "trade_in.goods",
        "text",
        "商品品类代码",
        "kind of the good, a word of the packs: refrigerator, air_conditioner, phone, camera …",
    ),
    Observable("trade_in.amount_fen", "fen", "单件补贴金额", "subsidy on one item"),
    Observable(
        "trade_in.share_ppm",
        "ppm",
        "补贴占最终成交价的比例（向上取整）",
        "subsidy over the price after all other discounts, rounded up",
    ),
    Observable("trade_in.price_fen", "fen", "单件成交价", "price of one item"),
    Observable(
        "trade_in.items_in_category",
        "count",
        "本人本年度该品类已享受补贴的件数（含本件）",
        "subsidised items of this category this person bought this year, this one included",
    ),
    Observable(
        "trade_in.cars_this_year",
        "count",
        "本人本年度已享受补贴的车辆数（含本辆）",
        "subsidised cars of this person this year, this one included",
    ),
)

ATTRIBUTES: Mapping[str, Attribute] = {item.name: item for item in _ATTRIBUTES}
OBSERVABLES: Mapping[str, Observable] = {item.name: item for item in _OBSERVABLES}
