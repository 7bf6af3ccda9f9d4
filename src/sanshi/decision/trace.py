"""The trace of a decision: everything it was made from and everything it found, as one document.

Replaying the stored inputs under the same policy must give the same document, byte for byte;
timings stand apart and count for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError

from sanshi.decision.affordability import Affordability
from sanshi.decision.counter import Choices, CounterOffer, PlanCost
from sanshi.decision.features import Input
from sanshi.decision.policy import Part
from sanshi.decision.request import Request
from sanshi.decision.rules import RuleResult
from sanshi.decision.scorecard import Grade, Outcome, Points
from sanshi.kernel.canonical import canonical_json, digest
from sanshi.kernel.errors import InputError
from sanshi.kernel.reasons import Reason

ENGINE_VERSION = 1
"""Raised when the same inputs under the same policy would give another trace."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was decided. `grade` prices an approved loan; `approved_fen` is 0 unless approved."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    score: int | None
    grade: Grade | None
    pd_ppm: int | None
    approved_fen: int
    affordability: Affordability
    counter_offers: tuple[CounterOffer, ...]


@dataclass(frozen=True, slots=True)
class PlanAsked:
    """What the quote room answered about one plan while counter-offers were looked for."""

    principal_fen: int
    term_months: int
    cost: PlanCost | None


@dataclass(frozen=True, slots=True)
class Trace:
    """All that a decision was made from, and all it found.

    Args:
        engine_version: of this code.
        pack_hash: of all packs in force.
        parts: policy, rules, scorecard, affordability: ids, versions, content hashes.
        request: what was asked, with the business date and the live consents.
        choices: what the quote room knew to be possible.
        inputs: every given feature the policy looks at, as read.
        unused: names of features given but not looked at; their values are not kept.
        computed: features worked out from them.
        rules: hit, missed or unknown, every rule in order.
        points: by scorecard attribute; empty when the rules declined.
        plans: plans asked of the quote room for counter-offers.
        result: what was decided.
        timings_us: microseconds by step, as measured by the caller.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    engine_version: int
    pack_hash: str
    parts: tuple[Part, ...]
    request: Request
    choices: Choices
    inputs: tuple[Input, ...]
    unused: tuple[str, ...]
    computed: tuple[Input, ...]
    rules: tuple[RuleResult, ...]
    points: tuple[Points, ...]
    plans: tuple[PlanAsked, ...]
    result: Result
    timings_us: Mapping[str, int] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        """Return everything but the timings, as plain JSON values."""
        plain = cast("dict[str, Any]", _TRACE.dump_python(self, mode="json"))
        del plain["timings_us"]
        return plain

    @property
    def replay_hash(self) -> str:
        """The hash that a replay must reach."""
        return digest(self.content())

    def timed(self, timings_us: Mapping[str, int]) -> Trace:
        """Return the trace with the caller's timings."""
        return replace(self, timings_us=dict(timings_us))

    def as_json(self) -> dict[str, Any]:
        """Return the stored form."""
        content = self.content()
        return content | {"timings_us": dict(self.timings_us), "replay_hash": digest(content)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Trace:
        """Read the stored form; whether its hash is right is for `replay` to say."""
        body = {name: value for name, value in stored.items() if name != "replay_hash"}
        text = canonical_json(body)
        try:
            trace = _TRACE.validate_json(text, strict=True)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise _malformed(".".join(str(step) for step in first["loc"]), first["msg"]) from error
        again = trace.content() | {"timings_us": dict(trace.timings_us)}
        if canonical_json(again) != text:
            raise _malformed("", "It says more, or says it otherwise, than a trace does.")
        return trace


_TRACE = TypeAdapter(Trace)


def _malformed(where: str, what: str) -> InputError:
    return InputError(
        "decision.trace_malformed",
        f"This is not the trace of a decision: {what}",
        field=where,
        fix="Send the trace as it was stored.",
    )
