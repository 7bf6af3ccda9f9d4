"""An independent oracle of the law: may this deal be offered, and which rules forbid it?

Every figure was typed from the shared facts file, with its key, instrument, dates and confidence.
Nothing is read from the packs and nothing is imported from the code under test. The rules stand in
`loans`, `cars`, `selling` and `subsidies`; `adopted` holds what lenders add of their own.
"""

from __future__ import annotations

from peers.law import adopted, cars, loans, selling, subsidies
from peers.law.book import RULES, Force, Rule, Verdict, judge

ROOMS = (loans, cars, selling, subsidies, adopted)

__all__ = ["ROOMS", "RULES", "Force", "Rule", "Verdict", "judge"]
