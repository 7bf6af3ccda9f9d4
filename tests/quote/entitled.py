"""Hold what a quote gives of public money against the oracle: lawful, and not a fen too little.

Where the oracle says that nothing is to be had, there is no line, and the reason given is one that
the oracle finds too: an obstacle stands when all else at its best does not help.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from peers.law.deals import Deal, InterestSubsidy, TradeIn
from peers.law.oracle import judge
from peers.law.subsidies import FIRST_DAY, LAST_DAY, LAST_OF_2025
from quote.demo_shop import demo
from quote.drafts import Draft
from quote.earnings import Earned, claim_of
from quote.edges import SCHEMES, TIERS
from quote.engine import Answer, number_of, swapped, trade_ins
from sanshi.benefit.lines import Line, Stack
from sanshi.kernel.reasons import Reason, say

PUBLIC = ("tradein.", "subsidy.")
KEYS = {"car_scrap": "tradein.car.scrap", "car_replace": "tradein.car.replace"}
EVER = {"benefit.lapsed": -1, "benefit.not_yet": 1}
CHEAP_FEN = 10_000
FUNDERS = frozenset({"central_treasury", "shanghai_treasury"})


def to_be_had(deal: Deal) -> bool:
    """Say whether the oracle has nothing against a deal's claims, not even a warning."""
    return not any(key.startswith(PUBLIC) for key, _ in judge(deal).broken)


def most(lawful: Callable[[int], bool], ceiling: int) -> int:
    """Return the largest amount up to a ceiling that is lawful, as every smaller one is."""
    if lawful(ceiling):
        return ceiling
    low, high = 0, ceiling
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if lawful(middle) else (low, middle)
    return low


# ── trade-in ──────────────────────────────────────────────────────────────────────────────────


def swap_faults(draft: Draft, stack: Stack) -> Iterator[str]:
    """Say what is wrong with the trade-in part of a stack."""
    claim = swapped(draft, 1)
    if draft.swap is None or claim is None:
        return
    lines, plain = trade_ins(stack), Deal(draft.on, "city_bank", 1, 1)

    def lawful(amount_fen: int) -> bool:
        return to_be_had(replace(plain, trade_in=replace(claim, amount_fen=amount_fen)))

    if not lawful(1):
        yield from (f"{line.amount_fen} fen of what is not to be had" for line in lines)
        yield from _badly_dropped(stack, "trade_in", lambda why: _swap_stands(draft, claim, why))
    elif len(lines) != 1:
        yield f"{len(lines)} lines of what is to be had once"
    else:
        yield from _line_faults(lines[0], draft)
        if not lawful(lines[0].amount_fen):
            yield f"{lines[0].amount_fen} fen are more than the scheme gives"
        if lawful(lines[0].amount_fen + 1):
            yield f"{lines[0].amount_fen} fen are less than the scheme gives"
    net_fen = draft.discounted_fen - sum(one.amount_fen for one in lines if one.reduces_price)
    if stack.net_price_fen != net_fen:
        yield f"a net price of {stack.net_price_fen}, not {net_fen} fen"


def _line_faults(line: Line, draft: Draft) -> Iterator[str]:
    assert draft.swap is not None
    held = draft.swap.voucher == "held"
    if (line.certainty == "held") != held:
        yield f"{line.certainty} though the voucher is {draft.swap.voucher}"
    if line.base_fen != draft.discounted_fen:
        yield f"worked out on {line.base_fen} fen, not {draft.discounted_fen}"
    yield from _funding_faults(line)


def _funding_faults(line: Line) -> Iterator[str]:
    if sum(fen for _, fen in line.funded) != line.amount_fen:
        yield f"funders pay {line.funded}, not {line.amount_fen} fen"
    if not {name for name, _ in line.funded} <= FUNDERS:
        yield f"paid by {line.funded}"


def _swap_stands(draft: Draft, claim: TradeIn, why: Reason) -> bool:
    """Say whether the obstacle that a reason names stands."""
    covered = replace(claim, goods="phone") if claim.scheme == "digital" else claim
    cheap = replace(covered, price_fen=CHEAP_FEN)
    best = replace(cheap, items_in_category=1, cars_this_year=1)

    def helped(one: TradeIn, on: date = draft.on, *, tiers: bool = True) -> bool:
        others = TIERS if tiers else (one.tier,)
        choices = (replace(one, tier=tier) for tier in others)
        return any(to_be_had(Deal(on, "city_bank", 1, 1, trade_in=each)) for each in choices)

    if why.code in EVER or not helped(best):
        key = KEYS.get(claim.scheme, f"tradein.{claim.scheme}")
        turns = [day for one in SCHEMES[key] for day in (one.first_day, one.last_day)]
        return _out_of_time(draft.on, why, turns, lambda day: helped(best, day))
    return {
        "benefit.used": not helped(cheap),
        "benefit.price_too_high": not helped(replace(best, price_fen=claim.price_fen)),
        "benefit.not_for_this_class": not helped(replace(best, goods=claim.goods), tiers=False),
    }.get(why.code, False)


def _out_of_time(on: date, why: Reason, turns: list[date], ever: Callable[[date], bool]) -> bool:
    """Say whether something is to be had not on a day, but up to or from the day that is named."""
    if why.code not in EVER:
        return False
    named = why.values["to" if why.code == "benefit.lapsed" else "from"]
    move = timedelta(days=EVER[why.code])
    day = date.fromisoformat(str(named))
    aside = (day - on).days * move.days > 0
    return aside and day in turns and not ever(on) and ever(day) and not ever(day - move)


# ── interest subsidy ──────────────────────────────────────────────────────────────────────────


def interest_faults(answer: Answer) -> Iterator[str]:
    """Say what is wrong with what an offered plan foresees of the interest subsidy."""
    if answer.part.earning is None or not answer.offered:
        return
    rows = answer.candidate.terms.schedule_from(answer.part.on)
    earned = Earned.of(answer.part, answer.offer, answer.deal, rows)
    number = number_of(answer.candidate)

    def lawful(amount_fen: int) -> bool:
        claim = claim_of(answer.part, number, earned, amount_fen)
        return earned.covered_kind and to_be_had(replace(answer.deal, interest_subsidy=claim))

    wanted_fen = most(lawful, earned.in_all_fen) if earned.in_all_fen else 0
    lines = [line for line in answer.stack.lines if line.kind == "interest_subsidy"]
    found_fen = sum(line.amount_fen for line in lines)
    if found_fen != wanted_fen or len(lines) != bool(wanted_fen):
        yield f"foresees {[line.amount_fen for line in lines]}, not {wanted_fen} fen of interest"
    for line in lines:
        yield from _funding_faults(line)
        if line.certainty != "conditional":
            yield "an interest subsidy that is sure"
    if not lines:
        claim = claim_of(answer.part, number, earned, 1)
        yield from _badly_dropped(
            answer.stack,
            "interest_subsidy",
            lambda why: _interest_stands(answer.deal, earned, claim, why),
        )


def _interest_stands(deal: Deal, earned: Earned, claim: InterestSubsidy, why: Reason) -> bool:
    """Say whether the obstacle that a reason names stands: with all else at its best, no claim."""
    tiny = replace(
        claim, rate=claim.rate * 0, granted_fen=1, transaction_fen=1, small_tickets_fen=0
    )
    best = replace(tiny, base_fen=1, large_ticket=False, listed=True, card_instalment=False)

    def helped(one: InterestSubsidy, on: date = deal.on) -> bool:
        return to_be_had(replace(deal, on=on, interest_subsidy=one))

    if why.code in EVER or not helped(best):
        turns = [FIRST_DAY, LAST_DAY]
        return _out_of_time(deal.on, why, turns, lambda day: helped(best, day))
    local = not claim.listed and not helped(replace(best, listed=False, rating=claim.rating))
    by_rating = helped(replace(best, listed=False, rating="1"))
    in_2025 = deal.on <= LAST_OF_2025
    return {
        "benefit.product_not_covered": not earned.covered_kind
        or not helped(replace(best, card_instalment=earned.card)),
        "benefit.lender_not_listed": local and in_2025,
        "benefit.lender_rating": local and by_rating,
        "benefit.not_for_this_lender": local and not by_rating and not in_2025,
        "benefit.field_not_covered": not helped(replace(best, large_ticket=claim.large_ticket)),
        "benefit.nothing": earned.covered_kind and helped(tiny),
    }.get(why.code, False)


def _badly_dropped(stack: Stack, kind: str, stands: Callable[[Reason], bool]) -> Iterator[str]:
    """Say if no reason, or none that stands, was given; each must have words."""
    interest = kind == "interest_subsidy"
    reasons = [one.reason for one in stack.dropped if (one.benefit == kind) == interest]
    for why in reasons:
        zh, en = (say(why, demo().texts, language) for language in ("zh", "en"))
        if "{" in zh + en:
            yield f"a gap in the words of {why.code}"
    if not any(stands(why) for why in reasons):
        yield f"no {kind} for {[(why.code, dict(why.values)) for why in reasons] or 'no reason'}"
