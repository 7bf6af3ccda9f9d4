"""What to look at first in the demo city: three minutes, and who to be while looking."""

from __future__ import annotations

from collections.abc import Mapping

from sanshi.demo.city_plan import Plan

TOUR: Mapping[str, str] = {
    "shop": "A shopper compares. Buy a fridge: every plan stands beside paying in full, the annual "
    "rate is the largest figure, and nothing is chosen for you.",
    "shopper": "Be 何向阳, who pays on time: see the loan, its receipts and what settling early "
    "saves. Then be 韩若水, who was declined, and read why, and what helps.",
    "workbench": "Be an officer of Shenpu Demo Bank: follow the loan of 郑晚晴, overdue for more "
    "than a month, from its decision to each posting; then the case of a line that only the rail "
    "knows.",
    "day": "Let a day pass: instalments are collected, books close, and new people come.",
}
"""Place and what to do there."""


def tour(pages_url: str = "", desk_url: str = "") -> list[str]:
    """Return the tour, a step a line, with the address of each place if they are served."""
    places = {
        "shop": f"{pages_url}/sandbox",
        "shopper": f"{pages_url}/sign-in",
        "workbench": desk_url,
        "day": f"{pages_url}/sandbox#day",
    }
    return [
        f"{number}. {text}" + (f" {places[place]}" if pages_url else "")
        for number, (place, text) in enumerate(TOUR.items(), start=1)
    ]


def people(plan: Plan) -> list[tuple[str, str, str, str, str]]:
    """Return who one can be: name, mobile, identity number, and a line in zh and en."""
    return [
        (who.full_name, who.mobile, who.id_number, persona.zh, persona.en)
        for persona, who in plan.personas
    ]
