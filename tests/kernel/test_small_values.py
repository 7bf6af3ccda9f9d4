"""Ids, dated values, effects, errors and reasons."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.kernel import errors
from sanshi.kernel.dated import covers, in_force, lapsed_before, next_change
from sanshi.kernel.effects import NOTHING, Effects, Expect, Leaf, Message
from sanshi.kernel.errors import ImpossibleError, InputError, PackError, SanshiError
from sanshi.kernel.ids import PREFIXES, RANDOM_BYTES, check_id, make_id
from sanshi.kernel.reasons import Reason, say

INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants bounds without a zone
CHANCE = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES)
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
DAYS = st.dates(FIRST, LAST)


@given(st.lists(st.tuples(INSTANTS, CHANCE), min_size=2, max_size=20))
def test_ids_sort_by_millisecond(made: list[tuple[datetime, bytes]]) -> None:
    def millisecond(pair: tuple[datetime, bytes]) -> int:
        return (pair[0] - datetime(2000, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)

    by_id = sorted(made, key=lambda pair: make_id("ln", *pair))
    assert [millisecond(pair) for pair in by_id] == sorted(millisecond(pair) for pair in made)


def test_every_millisecond_has_its_place() -> None:
    start = datetime(2026, 11, 22, tzinfo=UTC)
    made = [make_id("ln", start + timedelta(milliseconds=k), bytes(10)) for k in range(1000)]
    assert len(set(made)) == 1000
    assert made == sorted(made)


def test_an_id_needs_an_instant_with_a_zone() -> None:
    with pytest.raises(TypeError):
        make_id("ln", datetime(2026, 11, 22), bytes(10))  # noqa: DTZ001 - the point


@given(st.sampled_from(sorted(PREFIXES)), INSTANTS, CHANCE, CHANCE)
def test_ids_are_checked_and_differ_by_chance(
    prefix: str, instant: datetime, one: bytes, other: bytes
) -> None:
    made = make_id(prefix, instant, one)
    assert check_id(made, prefix, "id") == made
    assert len(made) == len(prefix) + 27
    assert (made == make_id(prefix, instant, other)) == (one == other)


@pytest.mark.parametrize(
    "text", ["", "ln_", "qt_" + "0" * 26, "ln_" + "0" * 25, "ln_" + "0" * 27, "ln_" + "U" * 26]
)
def test_other_texts_are_no_id_of_a_loan(text: str) -> None:
    with pytest.raises(InputError) as caught:
        check_id(text, "ln", "loan_id")
    assert caught.value.field == "loan_id"
    assert "loan" in caught.value.message


@dataclass(frozen=True)
class Version:
    effective_from: date | None
    effective_to: date | None
    name: int


@st.composite
def versions(draw: st.DrawFn) -> list[Version]:
    found = []
    for name in range(draw(st.integers(0, 5))):
        bounds = sorted([draw(DAYS), draw(DAYS)])
        begins = draw(st.sampled_from([None, bounds[0]]))
        ends = draw(st.sampled_from([None, bounds[1]]))
        found.append(Version(begins, ends, name))
    return found


@given(versions(), DAYS)
def test_the_version_in_force_covers_the_day_and_began_last(
    found: list[Version], day: date
) -> None:
    live = [version for version in found if covers(version, day)]
    chosen = in_force(found, day)
    assert (chosen is None) == (not live)
    if chosen is not None:
        assert chosen in live
        begins = [version.effective_from or date.min for version in live]
        assert (chosen.effective_from or date.min) == max(begins)


@given(versions(), DAYS)
def test_a_lapsed_version_is_the_last_that_ended(found: list[Version], day: date) -> None:
    lapsed = lapsed_before(found, day)
    if in_force(found, day) is not None:
        assert lapsed is None
        return
    ended = [v.effective_to for v in found if v.effective_to and v.effective_to < day]
    assert (lapsed.effective_to if lapsed else None) == max(ended, default=None)


@given(versions(), DAYS)
def test_nothing_changes_before_the_next_change(found: list[Version], day: date) -> None:
    change = next_change(found, day)
    assert change is None or change > day
    probe = day
    while probe < min(change or date.max, LAST + timedelta(2)):
        assert [covers(v, probe) for v in found] == [covers(v, day) for v in found]
        probe += timedelta(1)
    if change is not None:
        assert [covers(v, change) for v in found] != [
            covers(v, change - timedelta(1)) for v in found
        ] or any(v.effective_from == change for v in found)


def test_first_and_last_day_are_included() -> None:
    version = Version(FIRST, FIRST, 1)
    assert covers(version, FIRST)
    assert not covers(version, FIRST + timedelta(1))
    assert next_change([version], FIRST) == FIRST + timedelta(1)


EFFECTS = st.builds(
    Effects,
    messages=st.lists(st.builds(Message, st.text(), st.text(), st.just({})), max_size=2).map(tuple),
    leaves=st.lists(st.builds(Leaf, st.text(), st.text(), st.binary()), max_size=2).map(tuple),
    guards=st.lists(st.builds(Expect, st.text(), st.integers(0, 9)), max_size=2).map(tuple),
)


@given(EFFECTS, EFFECTS, EFFECTS)
def test_effects_join_like_lists(one: Effects, two: Effects, three: Effects) -> None:
    assert (one + two) + three == one + (two + three)
    assert one + NOTHING == one == NOTHING + one
    assert bool(one + two) == (bool(one) or bool(two))
    assert (one + two).guards == one.guards + two.guards


def test_nothing_is_nothing() -> None:
    assert not NOTHING
    assert Effects() == NOTHING + NOTHING
    assert Effects(leaves=(Leaf("consent", "ps_1", b""),))


KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, SanshiError) and kind is not PackError
]


@pytest.mark.parametrize("kind", KINDS)
def test_errors_travel_between_processes(kind: type[SanshiError]) -> None:
    error = kind("loan.closed", "The loan is closed.", field="loan_id", fix="Open another.")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(copy) is kind
    assert vars(copy) == vars(error)
    assert (
        str(copy) == str(error) == "loan.closed [loan_id]: The loan is closed. Fix: Open another."
    )
    assert copy.args == error.args


def test_a_pack_error_travels_with_its_place() -> None:
    error = PackError(
        "pack.unknown", "No such key.", file="a.yaml", line=7, field="x", fix="Drop it."
    )
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert vars(copy) == vars(error)
    assert str(copy).startswith("a.yaml:7: pack.unknown [x]: ")


def test_statuses_are_those_of_http() -> None:
    assert {kind.__name__: kind.status for kind in KINDS} == {
        "SanshiError": 500,
        "InputError": 422,
        "NotFoundError": 404,
        "ConflictError": 409,
        "ForbiddenError": 403,
        "UnavailableError": 503,
        "ImpossibleError": 500,
    }


def test_a_reason_is_worded_in_both_languages() -> None:
    texts = {"amount.above": {"zh": "金额超过{limit}元", "en": "more than {limit} yuan"}}
    reason = Reason("amount.above", {"limit": "200,000.00"})
    assert say(reason, texts, "zh") == "金额超过200,000.00元"  # type: ignore[arg-type] # a plain dict
    assert say(reason, texts, "en") == "more than 200,000.00 yuan"  # type: ignore[arg-type] # a plain dict
    assert reason.as_json() == {"code": "amount.above", "values": {"limit": "200,000.00"}}


@pytest.mark.parametrize(
    "reason", [Reason("unknown"), Reason("known"), Reason("zh.only", {"x": 1})]
)
def test_a_reason_without_words_is_our_fault(reason: Reason) -> None:
    texts = {"known": {"en": "needs {value}"}, "zh.only": {"zh": "{x}"}}
    with pytest.raises(ImpossibleError):
        say(reason, texts, "en")  # type: ignore[arg-type] # a plain dict
