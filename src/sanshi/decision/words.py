"""Values of reasons: what a person reads, in fen as yuan, in ppm as per cent, codes in words."""

from __future__ import annotations

from sanshi.decision.features import Feature, Input, State, Value
from sanshi.kernel.money import percent, yuan
from sanshi.kernel.reasons import Reason, Scalar

ABSENT = "—"

_STATES: dict[State, tuple[str, str]] = {
    "known": ("已知", "known"),
    "missing": ("未提供", "not provided"),
    "mistyped": ("无法读取", "unreadable"),
    "no_consent": ("未获授权", "no consent to use it"),
    "stale": ("已过有效期", "too old"),
}
_FLAGS = {True: ("是", "yes"), False: ("否", "no")}


def percent_text(rate_ppm: int) -> str:
    """Write 552,000 ppm as '55.2%': no digit dropped, none added."""
    figure = percent(rate_ppm, 4).removesuffix("%").rstrip("0").rstrip(".")
    return f"{figure}%"


def shown(feature: Feature, value: Value | None) -> dict[str, Scalar]:
    """Return the values under which a reason's sentence names a feature.

    Numbers stand under the feature's name; codes and flags under name_zh and name_en.
    """
    name = feature.name
    if feature.kind in ("str", "bool"):
        zh, en = _both(feature, value)
        return {f"{name}_zh": zh, f"{name}_en": en}
    if value is None:
        return {name: ABSENT}
    if feature.kind == "fen":
        return {name: yuan(int(value))}
    return {name: percent_text(int(value)) if feature.kind == "ppm" else value}


def _both(feature: Feature, value: Value | None) -> tuple[str, str]:
    if isinstance(value, bool):
        return _FLAGS[value]
    if isinstance(value, str):
        return feature.codes.get(value, (value, value))
    return ABSENT, ABSENT


def missing_value(feature: Feature, read: Input) -> Reason:
    """Say that a value was needed and could not be used, and why."""
    zh, en = _STATES[read.state]
    return Reason(
        "decision.missing_value",
        {
            "feature": feature.name,
            "label_zh": feature.zh,
            "label_en": feature.en,
            "state": read.state,
            "state_zh": zh,
            "state_en": en,
        },
    )


def shortfall(feature: Feature, code: str, value: Value | None, lost_points: int) -> Reason:
    """Say that a scorecard attribute cost points."""
    return Reason(code, {**shown(feature, value), "lost_points": lost_points})
