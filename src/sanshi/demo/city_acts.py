"""Every act of the demo city by the name that its paths give it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sanshi.demo import city_checkout as checkout
from sanshi.demo import city_loans as loans
from sanshi.demo.city_visit import Visit

ACTS: Mapping[str, Callable[[Visit], object]] = {
    "identify": checkout.identify,
    "get_voucher": checkout.get_voucher,
    "quote": checkout.quote,
    "open_session": checkout.open_session,
    "cancel_session": checkout.cancel_session,
    "pay_cash": checkout.pay_cash,
    "apply": checkout.apply,
    "apply_oddly": checkout.apply_oddly,
    "agree": checkout.agree,
    "withdraw_consents": checkout.withdraw_consents,
    "decide": checkout.decide,
    "offer": checkout.offer,
    "sign": checkout.sign,
    "give_up": checkout.give_up,
    "order_capture": loans.order_capture,
    "capture": loans.capture,
    "capture_refused": loans.capture_refused,
    "capture_slowly": loans.capture_slowly,
    "capture_in_doubt": loans.capture_in_doubt,
    "capture_misheard": loans.capture_misheard,
    "capture_unheard": loans.capture_unheard,
    "capture_part": loans.capture_part,
    "prepay_lower": lambda visit: loans.pay(visit, "prepay_lower", 3),
    "prepay_shorten": lambda visit: loans.pay(visit, "prepay_shorten", 4),
    "settle": lambda visit: loans.pay(visit, "settle"),
    "return_all": lambda visit: loans.bring_back(visit, 1),
    "return_part": lambda visit: loans.bring_back(visit, 5),
    "return_in_vain": loans.return_in_vain,
    "ask_money_back": loans.ask_money_back,
    "ask_review": lambda visit: loans.ask(visit, "review"),
    "ask_hardship": lambda visit: loans.ask(visit, "hardship"),
    "ask_return": lambda visit: loans.ask(visit, "goods_return"),
    "complain": lambda visit: loans.ask(visit, "complaint"),
    "run_dry": loans.run_dry,
    "earn_again": loans.earn_again,
}
"""Every act by its name in the paths."""
