"""Invented purchases for the fuzz 虚构: number n is the same purchase on every machine, every day.

Each has a focus: the rule it comes close to. Everything else about it is ordinary, so that one
rule decides, except under the focus `anything`, where all is drawn at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from peers.law import deals
from quote.claims import interest_subsidy, interest_subsidy_of_2025, trade_in
from quote.drafts import (
    FIRST_DAY,
    HIGH_RATES_PPM,
    KINDS,
    LAST_DAY,
    METHODS,
    RATES_PPM,
    TURNS,
    USURY_PPM,
    YUAN,
    Car,
    Draft,
    Offer,
    around,
    in_turn,
    past,
)


def draft(number: int) -> Draft:
    """Return purchase `number`."""
    random = Random(f"sanshi fuzz {number}")
    focus = FOCI[number % len(FOCI)]
    offers = tuple(_offer(random) for _ in range(random.randint(2, 3)))
    turn = number // len(FOCI) + number % len(FOCI)
    plain = Draft(number, turn, focus.__name__, _day(random), offers, price_fen=_price_fen(random))
    return focus(random, plain)


def _day(random: Random) -> date:
    if random.random() < 0.6:
        day = random.choice(TURNS) + timedelta(days=random.choice((-1, 0, 1)))
        return min(max(day, FIRST_DAY), LAST_DAY)
    return FIRST_DAY + timedelta(days=random.randint(0, (LAST_DAY - FIRST_DAY).days))


def _from(random: Random, day: date, other: date) -> date:
    """Mostly return a day, or one of the months after it."""
    return day + timedelta(days=random.choice((0, 1, 90, 180))) if random.random() < 0.8 else other


def _price_fen(random: Random) -> int:
    return random.randint(1_000 * YUAN, 60_000 * YUAN)


def _offer(random: Random) -> Offer:
    """Return an ordinary offer: most would pass."""
    lender = random.choice(deals.LENDERS)
    return Offer(
        lender_type=lender,
        kind="finance_lease" if lender == deals.LEASING else random.choice(KINDS[:2]),
        terms_months=tuple(sorted(random.sample((3, 6, 9, 12), 2))),
        methods=tuple(random.sample(METHODS, 2)),
        rate_ppm=random.choice(RATES_PPM[:5]),
        entrusted=random.random() < 0.8,
        facilitated=random.random() < 0.2,
        day_count=random.choice(("30/360", "30/360", "act/360", "act/365")),
    )


CARDS_TOO = KINDS[:4]
KINDS_OF = {**dict.fromkeys(deals.BANKS, CARDS_TOO), deals.LEASING: KINDS[4:]}
"""Only banks issue cards, only leasing companies lease."""

Focus = Callable[[Random, Draft], Draft]


def _with_offer(random: Random, d: Draft, lenders: tuple[str, ...], **changes: object) -> Draft:
    """Let the first offer be the focus's, from a lender of one of these types."""
    first = replace(d.offers[0], lender_type=random.choice(lenders), kind="instalment_loan")
    return replace(d, offers=(replace(first, **changes), *d.offers[1:]))  # type: ignore[arg-type] # by name


def student_online(random: Random, d: Draft) -> Draft:
    d = _with_offer(random, d, (deals.MICROLOAN, *sorted(deals.BANKS)))
    return replace(d, student=True, second_source=random.random() < 0.5)


def student_at_a_branch(random: Random, d: Draft) -> Draft:
    return replace(student_online(random, d), online=False, at_checkout=False)


def minor(random: Random, d: Draft) -> Draft:
    kind = random.choice(("instalment_loan", "card_instalment", "card_account"))
    d = _with_offer(random, d, (deals.CITY, deals.STATE, deals.PRIVATE), kind=kind)
    return replace(d, age=random.choice((16, 17, 17, 18, 19)))


def card_term(random: Random, d: Draft) -> Draft:
    terms = (12, random.choice((60, 61, 72)))
    return _with_offer(random, d, (deals.CITY,), kind="card_instalment", terms_months=terms)


def _large(random: Random, d: Draft, limit_yuan: int, **changes: object) -> Draft:
    """Let what is lent, or with what is owed, come to a limit; a share is paid at once."""
    lent_fen = around(random, limit_yuan * YUAN)
    owed_fen = random.choice((0, 0, random.randint(1, limit_yuan * YUAN // 2)))
    paid_fen = random.choice((0, 50_000 * YUAN))
    changed = replace(
        d,
        price_fen=lent_fen - owed_fen + paid_fen,
        down_payment_fen=paid_fen,
        owed_fen={0: owed_fen},
    )
    return replace(changed, **changes)  # type: ignore[arg-type] # by name


def online_limit_base(random: Random, d: Draft) -> Draft:
    lenders = (deals.PRIVATE, deals.CONSUMER_FINANCE, *sorted(deals.RAISED_BANKS))
    return _large(random, _with_offer(random, d, lenders), 200_000)


def online_limit_raised(random: Random, d: Draft) -> Draft:
    return _large(random, _with_offer(random, d, tuple(sorted(deals.RAISED_BANKS))), 300_000)


def network_microloan(random: Random, d: Draft) -> Draft:
    return _large(random, _with_offer(random, d, (deals.MICROLOAN,)), 200_000)


def network_microloan_for_business(random: Random, d: Draft) -> Draft:
    d = _large(random, _with_offer(random, d, (deals.MICROLOAN,)), 10_000_000)
    return replace(d, purpose=deals.BUSINESS)


def self_payment(random: Random, d: Draft) -> Draft:
    limit_yuan = random.choice((300_000, 500_000))
    lenders = (*sorted(deals.BANKS), *sorted(deals.NON_BANKS), deals.MICROLOAN)
    d = _with_offer(random, d, lenders, entrusted=False)
    d = _large(random, d, limit_yuan, online=False, at_checkout=False)
    return replace(d, price_fen=around(random, limit_yuan * YUAN), down_payment_fen=0)


def self_payment_for_business(random: Random, d: Draft) -> Draft:
    lenders = (*sorted(deals.BANKS), *sorted(deals.NON_BANKS), deals.MICROLOAN)
    d = _with_offer(random, d, lenders, entrusted=False)
    price_fen = past(random, random.choice((300_000, 500_000, 500_000)) * YUAN)
    return replace(d, price_fen=price_fen, purpose=deals.BUSINESS, online=False, at_checkout=False)


def long_term(random: Random, d: Draft) -> Draft:
    terms = tuple(sorted(random.sample((36, 59, 60, 61, 72, 84, 85, 96), 3)))
    lenders = (*sorted(deals.BANKS), *sorted(deals.NON_BANKS), deals.MICROLOAN)
    methods = random.sample(METHODS[:2], 1)
    return _with_offer(random, d, lenders, terms_months=terms, methods=tuple(methods))


def bullet(random: Random, d: Draft) -> Draft:
    lenders = (*sorted(deals.BANKS), *sorted(deals.NON_BANKS), deals.MICROLOAN)
    methods = tuple(random.sample(METHODS[2:], 1))
    return _with_offer(random, d, lenders, terms_months=(11, 12, 13, 24), methods=methods)


def purpose(random: Random, d: Draft) -> Draft:
    lenders = (*sorted(deals.BANKS), deals.MICROLOAN, deals.CONSUMER_FINANCE)
    d = _with_offer(random, d, lenders)
    # Cars and plates have a focus of their own: the law asks more about them.
    meant = random.choice(deals.PURPOSES[3:])
    return replace(d, purpose=meant, at_checkout=False, online=random.random() < 0.8)


def _dear(random: Random, rates_ppm: tuple[int, ...]) -> dict[str, object]:
    """Return a price near a cap. One payment after months that end early has two counts of time."""
    return {"rate_ppm": random.choice(rates_ppm), "methods": tuple(random.sample(METHODS[:3], 2))}


def microloan_cap(random: Random, d: Draft) -> Draft:
    return _with_offer(random, d, (deals.MICROLOAN,), **_dear(random, HIGH_RATES_PPM + USURY_PPM))


def facilitated_cap(random: Random, d: Draft) -> Draft:
    lenders = (*sorted(deals.BANKS), *sorted(deals.NON_BANKS))
    dear = _dear(random, HIGH_RATES_PPM + USURY_PPM)
    d = _with_offer(random, d, lenders, facilitated=random.random() < 0.8, **dear)
    online = random.random() < 0.8
    return replace(d, online=online, at_checkout=online)


def cap_of_2027(random: Random, d: Draft) -> Draft:
    dear = _dear(random, RATES_PPM[3:] + HIGH_RATES_PPM)
    d = _with_offer(random, d, (deals.MICROLOAN,), terms_months=(1, 2, 6), **dear)
    return replace(d, on=random.choice((LAST_DAY, LAST_DAY, LAST_DAY - timedelta(days=1))))


def window_guidance(random: Random, d: Draft) -> Draft:
    dear = _dear(random, RATES_PPM[-3:] + HIGH_RATES_PPM)
    return _with_offer(random, d, (deals.CONSUMER_FINANCE,), **dear)


def payment_page(random: Random, d: Draft) -> Draft:
    operator = random.choice(("payment_institution", "payment_institution", "merchant"))
    at_checkout = random.random() < 0.8
    day = _from(random, date(2026, 9, 29), d.on)
    return replace(d, operator=operator, at_checkout=at_checkout, on=day)


CARS = (
    (deals.PETROL, False, True, 70),
    (deals.PETROL, True, True, 100),
    (deals.BEV, False, True, 75),
    (deals.PHEV, True, True, 90),
    (deals.FUEL_CELL, False, True, 75),
    (deals.BEV, True, False, 70),
    (deals.PETROL, False, False, 70),
)
"""What drives it, whether it is private, whether it is new, and the percent that come close."""


def car(random: Random, d: Draft) -> Draft:
    """Lend around a share of what a car counts for: price, list price or valuation."""
    energy, private, new, percent = in_turn(d, CARS)
    price_fen = random.randint(80_000, 400_000) * YUAN
    other_fen = random.choice((price_fen - 1, price_fen + 1, price_fen * 9 // 10, price_fen))
    one = Car(
        energy,
        private,
        new,
        list_price_fen=other_fen if new and random.random() < 0.5 else None,
        valuation_fen=None if new else other_fen,
        own_limit_percent=random.choice((None, 80, 90, 100)),
    )
    known_fen = (price_fen, one.list_price_fen, one.valuation_fen)
    basis_fen = min(fen for fen in known_fen if fen is not None)
    lenders = (deals.CITY, deals.AUTO_FINANCE, deals.STATE, deals.CONSUMER_FINANCE)
    d = _with_offer(random, d, lenders, terms_months=(24, 36, 37, 60))
    return replace(
        d,
        price_fen=price_fen,
        down_payment_fen=max(price_fen - past(random, basis_fen * percent // 100), 0),
        purpose=deals.CAR,
        car=one,
        plate_in_price=random.random() < 0.1,
        online=random.random() < 0.1,
        at_checkout=False,
    )


def plate(random: Random, d: Draft) -> Draft:
    """Buy a plate beside a car, or in its price; at times together at the limit online."""
    energy = random.choice((deals.BEV, deals.PHEV, deals.PETROL))
    plate_fen = random.randint(80_000, 100_000) * YUAN
    beside = random.random() < 0.7
    d = _with_offer(random, d, tuple(sorted(deals.RAISED_BANKS)))
    return replace(
        d,
        offers=tuple(replace(offer, terms_months=offer.terms_months[:1]) for offer in d.offers),
        price_fen=past(random, 300_000 * YUAN) - plate_fen,
        plate_fen=plate_fen if beside else None,
        plate_in_price=not beside and random.random() < 0.8,
        purpose=deals.CAR,
        car=Car(energy, own_limit_percent=100),
        online=beside and random.random() < 0.6,
        at_checkout=False,
    )


def signing(random: Random, d: Draft) -> Draft:
    """Sign a quote, at times days later, at times with a step left out."""
    online = in_turn(d, (True, False))
    steps = deals.ONLINE_STEPS if online else deals.COUNTER_STEPS
    if random.random() < 0.7:
        steps -= {random.choice(sorted(steps))}
    quoted_on = _from(random, date(2026, 7, 25), d.on)
    return replace(
        d,
        on=quoted_on,
        signed_on=quoted_on + timedelta(days=random.choice((0, 1, 7, 30))),
        online=online,
        steps=steps,
        at_checkout=False,
    )


def tampered_table(random: Random, d: Draft) -> Draft:
    lacking = frozenset(random.sample(sorted(deals.COST_TABLE), 1))
    day = _from(random, date(2026, 7, 31), d.on)
    if random.random() < 0.5:
        return replace(d, on=day, on_page=False)
    return replace(d, on=day, table=deals.COST_TABLE - lacking)


def anything(random: Random, d: Draft) -> Draft:
    """Draw everything at once."""
    offers = tuple(
        replace(
            offer,
            kind=random.choice(KINDS_OF.get(offer.lender_type, KINDS[:2])),
            terms_months=tuple(sorted(random.sample((1, 3, 12, 13, 24, 60, 61, 84, 85), 2))),
            rate_ppm=random.choice(RATES_PPM + USURY_PPM),
            down_payment_min_ppm=random.choice((0, 0, 200_000, 333_333)),
        )
        for offer in d.offers
    )
    price_fen = random.choice((8_000, 150_000, 200_000, 300_001, 500_001, 900_000)) * YUAN
    return replace(
        d,
        offers=offers,
        price_fen=price_fen,
        down_payment_fen=random.choice((0, price_fen // 10, price_fen // 3)),
        purpose=random.choice((deals.CONSUMPTION, *deals.PURPOSES[3:])),
        online=random.random() < 0.7,
        at_checkout=random.random() < 0.7,
        operator=random.choice(("merchant", "payment_institution")),
        age=random.choice((17, 18, 30, 80)),
        student=random.random() < 0.3,
        second_source=random.random() < 0.5,
        owed_fen={0: random.choice((0, 100_000 * YUAN))},
    )


def ordinary(random: Random, d: Draft) -> Draft:
    """Leave everything as it is: most people's purchase."""
    return replace(d, age=random.randint(18, 80))


FOCI: tuple[Focus, ...] = (
    ordinary,
    student_online,
    online_limit_base,
    microloan_cap,
    long_term,
    car,
    anything,
    minor,
    interest_subsidy_of_2025,
    online_limit_raised,
    facilitated_cap,
    bullet,
    interest_subsidy,
    student_at_a_branch,
    network_microloan,
    cap_of_2027,
    trade_in,
    self_payment,
    trade_in,
    network_microloan_for_business,
    self_payment_for_business,
    purpose,
    ordinary,
    window_guidance,
    card_term,
    plate,
    payment_page,
    signing,
    interest_subsidy_of_2025,
    tampered_table,
    trade_in,
    car,
    anything,
    trade_in,
)
