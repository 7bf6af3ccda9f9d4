"""The affordability gauge 这笔月供，您负担得起吗？, drawn to true scale.

The axis runs from nothing to the whole monthly income, or further where more would be owed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

from sanshi.kernel.money import PPM, div_round
from sanshi.web.reader import Reader

COMFORT_PPM = 300_000
"""The line drawn for orientation 参考线: these pages' own habit, no law and no lender's limit."""

Tone = Literal["easy", "tight", "over", "unknown"]


@dataclass(frozen=True, slots=True)
class Gauge:
    """Monthly repayments with this plan as a share of the income declared, against two lines.

    `limit_ppm` is the lender's own limit 本机构上限. Shares are None where no income is known.
    """

    tone: Tone
    verdict: Markup
    share_ppm: int | None
    limit_ppm: int | None
    before_fen: int
    payment_fen: int
    income_fen: int | None
    lenders: tuple[str, ...]

    comfort_ppm: int = COMFORT_PPM

    @property
    def scale_ppm(self) -> int:
        """The right end of the axis."""
        return max(PPM, self.share_ppm or 0)

    def at(self, share_ppm: int) -> str:
        """Return where a share lies on the axis, as an exact SVG percentage."""
        hundredths = share_ppm * 10_000 // self.scale_ppm
        return f"{hundredths // 100}.{hundredths % 100:02d}%"


def gauge(
    reader: Reader, plans: Sequence[Mapping[str, Any]], asked: Mapping[str, Any]
) -> Gauge | None:
    """Weigh plans of a quote together, as the lender will; `asked` is what was declared for it.

    None without plans. Of plans of several lenders the lowest limit counts.
    """
    if not plans:
        return None
    payment_fen = sum(plan["affordability"]["monthly_payment_fen"] for plan in plans)
    before_fen, income_fen = asked["monthly_debt_service_fen"], asked["monthly_income_fen"]
    share = (
        None
        if before_fen is None or not income_fen
        else div_round((before_fen + payment_fen) * PPM, income_fen, "up")
    )
    limits = {plan["lender"]: reader.shelf.limits_ppm.get(plan["lender"]) for plan in plans}
    known = [limit for limit in limits.values() if limit is not None]
    limit = min(known, default=None)
    tone = _tone(share, limit)
    return Gauge(
        tone=tone,
        verdict=_verdict(reader, tone),
        share_ppm=share,
        limit_ppm=limit,
        before_fen=before_fen or 0,
        payment_fen=payment_fen,
        income_fen=income_fen,
        lenders=tuple(reader.lender(code) for code in limits),
    )


def _tone(share_ppm: int | None, limit_ppm: int | None) -> Tone:
    if share_ppm is None:
        return "unknown"
    if limit_ppm is not None and share_ppm > limit_ppm:
        return "over"
    return "tight" if share_ppm > COMFORT_PPM else "easy"


def _verdict(reader: Reader, tone: Tone) -> Markup:
    say = reader.say
    match tone:
        case "easy":
            return say("宽裕")
        case "tight":
            return say("偏紧")
        case "over":
            return say("超过本机构上限")
        case "unknown":
            return say("无法估算")
