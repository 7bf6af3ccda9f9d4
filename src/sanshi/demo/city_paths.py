"""Paths through the demo city: what somebody buys, and everything they do from then on, as data.

A path is a list of acts, each on a day counted from its beginning (`on`) or back from the pinned
business date (`to_go`). `city_acts` knows what each act does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sanshi.demo.city_people import Standing

Session = Literal["shop", "none"]
"""Where a purchase begins: at a shop's checkout, or at the lender's own page or branch."""


@dataclass(frozen=True, slots=True)
class Basket:
    """What is bought where, and which product and terms it may be paid with."""

    merchant: str
    sku: str
    products: tuple[str, ...]
    months: tuple[int, ...]
    also: Mapping[str, str] | None = None
    voucher: str = ""
    wealthy: bool = False


BASKETS: Mapping[str, Basket] = {
    "fridge": Basket("haitai", "HT-FRIDGE-520", ("shenpu_appliance",), (6, 12, 24)),
    "washer": Basket("haitai", "HT-WASHER-10", ("shenpu_appliance",), (6, 12)),
    "washer_short": Basket("haitai", "HT-WASHER-10", ("shenpu_appliance",), (3,)),
    "television": Basket("haitai", "HT-TV-75", ("shenpu_smart_home", "pujiang_smart_home"), (12,)),
    "television_traded_in": Basket(
        "haitai",
        "HT-TV-75",
        ("shenpu_smart_home", "pujiang_smart_home"),
        (12,),
        voucher="television",
    ),
    "cinema": Basket(
        "haitai", "HT-SOUND-3", ("shenpu_smart_home", "pujiang_smart_home"), (12,), wealthy=True
    ),
    "cooler": Basket("puhui", "PH-AIRCON-15", ("shenrong_goods", "xiaohe_goods"), (6, 12)),
    "cooler_short": Basket("puhui", "PH-AIRCON-15", ("xiaohe_goods",), (3,)),
    "screen": Basket("puhui", "PH-TV-75", ("shenrong_goods", "xiaohe_goods"), (12,)),
    "electric_car": Basket(
        "pujiang_auto",
        "PJ-BEV-E5",
        ("shenpu_car", "shenxing_car", "shenzu_car_lease"),
        (24, 36),
        wealthy=True,
    ),
    "petrol_car": Basket(
        "pujiang_auto",
        "PJ-ICE-P15",
        ("shenpu_car",),
        (36,),
        also={"PJ-PLATE": "shenpu_plate.36.equal_principal"},
        wealthy=True,
    ),
}

ANYTHING = ("fridge", "washer", "television", "television_traded_in", "cinema", "cooler", "screen")
CARS = ("electric_car", "petrol_car")


@dataclass(frozen=True, slots=True)
class Act:
    """Something somebody does, on a day counted from their path's beginning or from the end."""

    name: str
    days: int
    from_end: bool = False


def on(days: int, *names: str) -> tuple[Act, ...]:
    """Do things so many days after the beginning."""
    return tuple(Act(name, days) for name in names)


def to_go(days: int, *names: str) -> tuple[Act, ...]:
    """Do things so many days before the pinned business date; 0 is its morning."""
    return tuple(Act(name, days, from_end=True) for name in names)


@dataclass(frozen=True, slots=True)
class Path:
    """One way through the city.

    Args:
        begins: how many days before the pinned date it begins, at most and at least.
        share: how many of a hundred residents go it, beyond the first.
    """

    name: str
    begins: tuple[int, int]
    acts: tuple[Act, ...]
    baskets: tuple[str, ...] = ANYTHING
    share: int = 0
    session: Session = "shop"
    standing: Standing = "good"


BUY = ("apply", "agree", "decide", "offer", "sign")
PAID_OUT = (*on(0, *BUY), *on(1, "capture"))


def _late(days: int) -> tuple[Act, ...]:
    """Pay until so many days before the end, and then no more."""
    return (*PAID_OUT, *to_go(days, "run_dry"))


PATHS: tuple[Path, ...] = (
    # Those who only look, or pay at once.
    Path("looks_only", (120, 1), on(0, "quote"), (*ANYTHING, *CARS), 9, "none"),
    Path("looks_today", (0, 0), on(0, "quote"), ANYTHING, 0, "none"),
    Path("pays_cash", (130, 1), on(0, "open_session", "pay_cash"), ANYTHING, 12),
    Path("leaves_checkout", (130, 3), on(0, "open_session"), ANYTHING, 7),
    Path("shop_cancels", (120, 2), on(0, "open_session", "cancel_session"), ANYTHING, 2),
    Path("at_checkout", (0, 0), on(0, "open_session"), ANYTHING),
    Path("holds_voucher", (9, 2), on(0, "get_voucher"), ("television_traded_in",), 1),
    # Those whose application comes to nothing, or has not come to anything yet.
    Path("just_applied", (0, 0), on(0, "apply"), ANYTHING),
    Path(
        "takes_data_back", (6, 2), on(0, "apply", "agree", "withdraw_consents"), ANYTHING, 1, "none"
    ),
    Path("changes_mind", (120, 1), on(0, "apply", "agree", "pay_cash"), ANYTHING, 3),
    Path("declined", (120, 2), on(0, "apply", "agree", "decide"), ANYTHING, 8, "shop", "overdue"),
    Path(
        "asks_review",
        (8, 2),
        (*on(0, "apply", "agree", "decide"), *on(1, "ask_review")),
        ANYTHING,
        1,
        "shop",
        "overdue",
    ),
    Path("referred", (20, 1), on(0, "apply_oddly", "agree", "decide"), ANYTHING, 2, "none"),
    Path("referred_at_checkout", (0, 0), on(0, "apply_oddly", "agree", "decide"), ANYTHING),
    Path("approved", (5, 1), on(0, "apply", "agree", "decide"), ANYTHING, 1, "none"),
    Path("reads_contract", (4, 0), on(0, "apply", "agree", "decide", "offer"), ANYTHING, 1, "none"),
    # Those who sign, and whose money has not gone out.
    Path("signed", (4, 0), on(0, *BUY), (*ANYTHING, *CARS), 2),
    Path("signed_with_voucher", (3, 1), on(0, *BUY), ("television_traded_in",)),
    Path("gives_up", (100, 5), (*on(0, *BUY), *on(2, "give_up")), ANYTHING, 2),
    Path(
        "gives_voucher_back", (9, 4), (*on(0, *BUY), *on(2, "give_up")), ("television_traded_in",)
    ),
    Path("shop_forgets", (90, 12), on(0, *BUY), ("fridge", "cooler"), 1),
    Path("money_on_its_way", (2, 1), (*on(0, *BUY), *to_go(0, "capture_slowly")), ("washer",)),
    Path("money_just_there", (1, 1), (*on(0, *BUY), *to_go(0, "capture")), ("washer",)),
    Path("money_ordered", (2, 1), (*on(0, *BUY), *to_go(0, "order_capture")), ("fridge",)),
    Path("rail_silent", (3, 2), (*on(0, *BUY), *to_go(1, "capture_unheard")), ("washer",)),
    Path("rail_just_silent", (2, 1), (*on(0, *BUY), *to_go(0, "capture_in_doubt")), ("fridge",)),
    # Those who pay.
    Path("on_time", (110, 2), PAID_OUT, (*ANYTHING, *CARS), 22),
    Path("drives_petrol", (130, 30), PAID_OUT, ("petrol_car",), 1, "none"),
    Path("drives_electric", (130, 20), PAID_OUT, ("electric_car",), 3, "none"),
    Path("trades_in", (132, 20), PAID_OUT, ("television_traded_in",), 5),
    Path(
        "rail_refuses_first", (90, 20), (*on(0, *BUY), *on(1, "capture_refused"), *on(3, "capture"))
    ),
    Path("rail_late_answer", (90, 20), (*on(0, *BUY), *on(1, "capture_misheard")), ANYTHING, 1),
    Path("rail_misheard", (4, 3), (*on(0, *BUY), *on(1, "capture_misheard")), ("cooler",)),
    Path(
        "prepays_lower",
        (120, 45),
        (*PAID_OUT, *on(40, "prepay_lower")),
        ("fridge", "screen", "cinema"),
        2,
    ),
    Path(
        "prepays_shorter",
        (120, 45),
        (*PAID_OUT, *on(38, "prepay_shorten")),
        ("fridge", "screen", "cinema"),
        1,
    ),
    Path(
        "settles_early", (130, 60), (*PAID_OUT, *on(50, "settle")), (*ANYTHING, "electric_car"), 4
    ),
    Path("settles_at_term", (124, 96), PAID_OUT, ("washer_short", "cooler_short"), 4),
    Path("complained", (90, 30), (*PAID_OUT, *on(12, "complain")), ("cooler", "fridge")),
    Path("complains", (60, 20), (*PAID_OUT, *to_go(2, "complain")), ("fridge", "screen")),
    # Those who do not.
    Path("late_a_little", (110, 40), _late(30), ("fridge", "television", "cooler", "screen"), 2),
    Path(
        "late_a_month",
        (125, 65),
        (*_late(60), *to_go(3, "ask_hardship")),
        ("fridge", "television", "cooler", "screen"),
        1,
    ),
    Path("late_two_months", (125, 95), _late(90), ("fridge", "television", "screen", "cinema"), 1),
    Path("late_a_quarter", (126, 124), _late(121), ("fridge", "television", "screen"), 0),
    Path(
        "catches_up", (130, 75), (*PAID_OUT, *on(20, "run_dry"), *on(52, "earn_again")), ANYTHING, 1
    ),
    # Those whose goods come back.
    # The refund leaves the interest of some days; paying it ends the loan.
    Path(
        "returns_all",
        (100, 20),
        (*PAID_OUT, *on(9, "return_all"), *on(10, "settle")),
        ANYTHING,
        1,
    ),
    Path(
        "returns_part",
        (110, 20),
        (*PAID_OUT, *on(14, "ask_return"), *on(15, "return_part")),
        ANYTHING,
        1,
    ),
    Path(
        "returns_traded_in",
        (100, 40),
        (*PAID_OUT, *on(10, "return_all")),
        ("television_traded_in",),
    ),
    Path(
        "returns_too_late", (100, 40), (*PAID_OUT, *on(30, "return_all")), ("television_traded_in",)
    ),
    Path(
        "gets_part_only", (110, 10), (*on(0, *BUY), *on(2, "capture_part")), ("fridge", "screen"), 1
    ),
    Path(
        "is_owed_money",
        (60, 20),
        (*PAID_OUT, *on(12, "settle"), *on(15, "return_in_vain")),
        ("fridge", "screen"),
    ),
    Path(
        "got_money_back",
        (100, 30),
        (*PAID_OUT, *on(12, "settle"), *on(15, "return_in_vain"), *on(20, "ask_money_back")),
        ("fridge", "screen"),
    ),
)

LAST_ACTS = ("capture_in_doubt", "order_capture")
"""Acts that leave something half done, which anybody's next payment would take further."""

NEWCOMER = Path("newcomer", (1, 1), on(0, "identify"))
"""Known by name, and nothing else; a persona alone goes it."""

AFTERWARDS = ("on_time", "trades_in", "pays_cash", "looks_only", "leaves_checkout", "declined")
"""What people who come after the pinned date do."""
