"""The demo city's plan: who does what on which day, as a function of the seed alone.

Nothing of it is stored: any day's acts can be worked out again, in any process, without those
before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from sanshi.demo.chance import stream
from sanshi.demo.city_paths import (
    AFTERWARDS,
    BASKETS,
    LAST_ACTS,
    NEWCOMER,
    PATHS,
    Basket,
    Path,
)
from sanshi.demo.city_people import Resident, neighbour, resident

BUSINESS_DATE = date(2026, 11, 23)
"""The pinned business date: a Monday on which the trade-in subsidies and the interest subsidy, both
in force until 2026-12-31, still apply, and by which a loan may be more than 90 days overdue under
the packs' products of 2026. It is the same in every city, so that pictures and tours stay true."""

DAYS = 126
"""How many days are lived before it: the first of them is a Monday too."""
CONSUMERS = 300
SEED = 1
_PAGE = 1000
_REACH = 150
"""No path takes longer than this many days."""
_BY_NAME: Mapping[str, Path] = {path.name: path for path in (*PATHS, NEWCOMER)}


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to sign in as: who they are, and what has become of them."""

    full_name: str
    path: str
    basket: str
    begins: int
    zh: str
    en: str


PERSONAS: tuple[Persona, ...] = (
    Persona("何向阳", "on_time", "fridge", 100, "按时还款", "pays on time"),
    Persona("郑晚晴", "late_a_month", "fridge", 110, "逾期一个多月", "more than a month overdue"),
    Persona("方舒然", "settles_early", "television", 90, "已提前结清", "has settled early"),
    Persona("韩若水", "declined", "screen", 3, "申请被拒", "was declined"),
    Persona("叶知秋", "newcomer", "fridge", 1, "还没有任何贷款", "has nothing yet"),
    Persona(
        "唐令仪", "trades_in", "television_traded_in", 75, "以旧换新加贴息", "traded in, subsidised"
    ),
    Persona("罗朝露", "drives_petrol", "petrol_car", 70, "购车与车牌", "a car and its plate"),
    Persona("顾南风", "returns_part", "screen", 50, "退了一部分货", "returned part of the goods"),
    Persona("苏暮云", "reads_contract", "fridge", 0, "合同待签", "a contract to be signed"),
    Persona("陆星野", "referred", "cinema", 1, "申请转人工", "is looked at by a person"),
)
"""One line each; the same in every city, whatever its seed."""


@dataclass(frozen=True, slots=True)
class Shopper:
    """A resident on a path: what they want, on which terms, and when each act comes."""

    number: int
    path: Path
    basket: Basket
    product: str
    months: int
    resident: Resident
    acts: tuple[tuple[date, str], ...]

    @property
    def reference(self) -> str:
        """The shop's number of their order."""
        return f"CITY-{self.number:05d}"


@dataclass(frozen=True)
class Plan:
    """A city: its seed, how many live in it, and how many days it has behind it."""

    seed: int = SEED
    consumers: int = CONSUMERS
    days: int = DAYS
    last: date = BUSINESS_DATE

    @property
    def first(self) -> date:
        """The first business date."""
        return self.last - timedelta(days=self.days)

    @cached_property
    def shoppers(self) -> tuple[Shopper, ...]:
        """Everybody who comes until the pinned date: personas, one for each path, and the rest."""
        paths = self._paths()
        personas = [self._persona(number, one) for number, one in enumerate(PERSONAS)]
        begin = len(personas)
        others = [self._shopper(begin + place, path) for place, path in enumerate(paths)]
        return tuple([*personas, *others][: self.consumers])

    @property
    def personas(self) -> tuple[tuple[Persona, Resident], ...]:
        """Return who one can sign in as."""
        shown = PERSONAS[: self.consumers]
        return tuple((one, self._persona(place, one).resident) for place, one in enumerate(shown))

    @cached_property
    def _calendar(self) -> Mapping[date, list[tuple[Shopper, str]]]:
        days: dict[date, list[tuple[Shopper, str]]] = {}
        for shopper in self.shoppers:
            for day, act in shopper.acts:
                days.setdefault(day, []).append((shopper, act))
        return days

    def on(self, day: date) -> list[tuple[Shopper, str]]:
        """Return the acts of a day, in order; what must find nobody after it comes last."""
        acts = list(self._calendar.get(day, ()))
        for shopper in self._arrivals(day) if day > self.last else ():
            acts += [(shopper, name) for when, name in shopper.acts if when == day]
        return sorted(acts, key=lambda act: LAST_ACTS.index(act[1]) if act[1] in LAST_ACTS else -1)

    def came_by(self, day: date) -> int:
        """Return how many residents have come by a day."""
        return sum(shopper.acts[0][0] <= day for shopper in self.shoppers)

    def _arrivals(self, day: date) -> Iterator[Shopper]:
        """Return those who came after the pinned date and may still have something to do."""
        since = max(self.last + timedelta(days=1), day - timedelta(days=_REACH))
        for ago in range((day - since).days + 1):
            came = since + timedelta(days=ago)
            chance = stream(self.seed, "arrivals", came)
            for place in range(chance.choice((1, 1, 2, 2, 3))):
                number = (came - self.last).days * 10 + place + _PAGE * _PAGE
                yield self._shopper(number, _BY_NAME[chance.choice(AFTERWARDS)], came)

    def _paths(self) -> list[Path]:
        """Each path once, in a shuffled order, then by their shares."""
        chance = stream(self.seed, "paths")
        once = list(PATHS)
        chance.shuffle(once)
        shares = [path.share for path in PATHS]
        more = max(self.consumers - len(PERSONAS) - len(once), 0)
        return once + chance.choices(PATHS, shares, k=more)

    def _persona(self, number: int, persona: Persona) -> Shopper:
        path = _BY_NAME[persona.path]
        begins = max(self.last - timedelta(days=persona.begins), self.first)
        standing = "wealthy" if BASKETS[persona.basket].wealthy else path.standing
        person = neighbour(number, persona.full_name, standing, self.last)
        return self._going(number, path, persona.basket, person, begins)

    def _shopper(self, number: int, path: Path, came: date | None = None) -> Shopper:
        chance = stream(self.seed, "shopper", number)
        most, least = path.begins
        # The city grows: of two days the later one is taken.
        low, high = min(least, self.days), min(most, self.days)
        ago = min(chance.randint(low, high) for _ in range(2))
        begins = came or self.last - timedelta(days=ago)
        basket = chance.choice(path.baskets)
        wealthy = BASKETS[basket].wealthy and path.standing == "good"
        standing = "wealthy" if wealthy else path.standing
        person = resident(self.seed, number, standing, self.last)
        return self._going(number, path, basket, person, begins)

    def _going(
        self, number: int, path: Path, basket_name: str, person: Resident, begins: date
    ) -> Shopper:
        basket = BASKETS[basket_name]
        chance = stream(self.seed, "terms", number)
        acts = (
            (
                max(self.last - timedelta(days=act.days), begins)
                if act.from_end
                else begins + timedelta(days=act.days),
                act.name,
            )
            for act in path.acts
        )
        return Shopper(
            number=number,
            path=path,
            basket=basket,
            product=chance.choice(basket.products),
            months=chance.choice(basket.months),
            resident=person,
            acts=tuple(acts),
        )
