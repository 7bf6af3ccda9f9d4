from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sanshi.decision.conditions import REGISTRY, Condition, compile_condition
from sanshi.decision.features import Feature, Value, registry

SMALL = registry(
    (
        Feature("count", "int", "items", "数", "count", "application", low=0, high=4),
        Feature("other", "int", "items", "数", "other", "application", low=-2, high=1),
        Feature("flag", "bool", "", "是否", "flag", "application"),
        Feature(
            "code",
            "str",
            "",
            "码",
            "code",
            "application",
            codes={"a": ("甲", "a"), "b": ("乙", "b"), "c": ("丙", "c")},
        ),
    )
)
DOMAINS: dict[str, tuple[Value, ...]] = {
    "count": (0, 1, 2, 3, 4),
    "other": (-2, -1, 0, 1),
    "flag": (True, False),
    "code": ("a", "b", "c"),
}

LEAVES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(lambda v: {"feature": "count", "lt": v}, st.integers(1, 4)),
    st.builds(lambda v: {"feature": "count", "ge": v}, st.integers(1, 4)),
    st.builds(lambda v: {"feature": "other", "le": v}, st.integers(-2, 0)),
    st.builds(lambda v: {"feature": "other", "gt": v}, st.integers(-2, 0)),
    st.builds(lambda v: {"feature": "count", "eq": v}, st.integers(0, 4)),
    st.just({"feature": "count", "between": (1, 2)}),
    st.just({"feature": "count", "in": (0, 3)}),
    st.builds(lambda v: {"feature": "flag", "eq": v}, st.booleans()),
    st.builds(lambda v: {"feature": "code", "eq": v}, st.sampled_from("abc")),
    st.just({"feature": "code", "in": ("a", "c")}),
)
TREES = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.builds(lambda p: {"any": tuple(p)}, st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda p: {"all": tuple(p)}, st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda p: {"not": p}, parts),
    ),
    max_leaves=6,
)
SOME_VALUES = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(domain) for name, domain in DOMAINS.items()}
)


MEANINGS: dict[str, Callable[[Any, Any], bool]] = {
    "lt": lambda left, right: left < right,
    "le": lambda left, right: left <= right,
    "gt": lambda left, right: left > right,
    "ge": lambda left, right: left >= right,
    "eq": lambda left, right: left == right,
    "in": lambda left, right: left in right,
    "between": lambda left, right: right[0] <= left <= right[1],
}


def naive(tree: dict[str, Any], values: dict[str, Value]) -> bool:
    """Evaluate with every value known, straight from the meaning of the words."""
    if "all" in tree:
        return all(naive(part, values) for part in tree["all"])
    if "any" in tree:
        return any(naive(part, values) for part in tree["any"])
    if "not" in tree:
        return not naive(tree["not"], values)
    ((operator, right),) = ((k, v) for k, v in tree.items() if k != "feature")
    return MEANINGS[operator](values[tree["feature"]], right)


def completions(values: dict[str, Value]) -> Iterator[dict[str, Value]]:
    absent = [name for name in DOMAINS if name not in values]
    for filling in product(*(DOMAINS[name] for name in absent)):
        yield values | dict(zip(absent, filling, strict=True))


def condition(tree: dict[str, Any]) -> Condition | None:
    """Return the checked condition, or None where its bounds exclude each other."""
    try:
        return Condition.model_validate(tree, context={REGISTRY: SMALL})
    except ValidationError as error:
        assert "exclude each other" in str(error)  # noqa: PT017 - any other error is a failure
        return None


@given(tree=TREES, values=SOME_VALUES)
def test_an_answer_holds_whatever_the_absent_values_are(
    tree: dict[str, Any], values: dict[str, Value]
) -> None:
    checked = condition(tree)
    if checked is None:
        return
    compiled = compile_condition(checked, SMALL)
    answer = compiled.test(values)
    truths = {naive(tree, full) for full in completions(values)}
    if answer is None:
        waits_for = set(compiled.waits_for(values))
        assert waits_for
        assert not waits_for & values.keys()
    else:
        assert truths == {answer}
        assert not list(compiled.waits_for(values))
    if values.keys() == DOMAINS.keys():
        assert answer is not None


@given(tree=TREES)
def test_bounds_that_exclude_each_other_never_hold(tree: dict[str, Any]) -> None:
    if condition({"all": (tree,)}) is None or condition(tree) is None:
        assert _some_all_is_empty(tree)


def _some_all_is_empty(tree: dict[str, Any]) -> bool:
    parts = [*tree.get("all", ()), *tree.get("any", ()), *([tree["not"]] if "not" in tree else [])]
    empty = "all" in tree and not any(naive(tree, full) for full in completions({}))
    return empty or any(_some_all_is_empty(part) for part in parts)


@pytest.mark.parametrize(
    ("tree", "says"),
    [
        ({"feature": "nosuch", "lt": 1}, "no feature is called 'nosuch'"),
        ({"feature": "count"}, "exactly one of lt"),
        ({"feature": "count", "lt": 1, "gt": 3}, "exactly one of lt"),
        ({"lt": 1}, "exactly one of all, any, not, feature"),
        ({"feature": "count", "lt": 1, "any": ({"feature": "count", "lt": 1},)}, "exactly one of"),
        ({"any": ({"feature": "count", "lt": 1},), "lt": 2}, "lt needs a feature"),
        ({"feature": "count", "lt": "3"}, "valid integer"),
        ({"feature": "count", "lt": True}, "valid integer"),
        ({"feature": "count", "lt": 2.0}, "valid integer"),
        ({"feature": "count", "eq": "3"}, "can never be '3' (type:str)"),
        ({"feature": "count", "eq": True}, "type:bool"),
        ({"feature": "count", "lt": 0}, "can never hold"),
        ({"feature": "count", "gt": 4}, "can never hold"),
        ({"feature": "count", "eq": 5}, "can never hold"),
        ({"feature": "count", "between": (3, 2)}, "can never hold"),
        ({"feature": "count", "ge": 0}, "always holds"),
        ({"feature": "count", "le": 4}, "always holds"),
        ({"feature": "count", "in": (1, 5)}, "can never be 5 (out_of_range)"),
        ({"feature": "count", "in": (1, 1)}, "repeat"),
        ({"feature": "count", "in": ()}, "at least 1 item"),
        ({"feature": "flag", "lt": 1}, "is no number"),
        ({"feature": "flag", "eq": "true"}, "type:str"),
        ({"feature": "flag", "eq": 1}, "type:int"),
        ({"feature": "code", "eq": "z"}, "unknown_code"),
        ({"feature": "code", "in": ("a", "b", "c")}, "always holds"),
        ({"feature": "code", "between": (1, 2)}, "is no number"),
        ({"all": ()}, "at least 1 item"),
        ({"all": ({"feature": "count", "lt": 2}, {"feature": "count", "gt": 2})}, "exclude"),
        ({"feature": "count", "ltt": 2}, "Extra inputs"),
    ],
)
def test_a_faulty_condition_is_refused_at_load(tree: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Condition.model_validate(tree, context={REGISTRY: SMALL})
    assert says in str(caught.value)
