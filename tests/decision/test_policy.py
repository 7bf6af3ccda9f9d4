from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from decision.cases import DEMO, DEMO_POLICY, raw_policy, texts
from sanshi.catalogue.packs import KINDS
from sanshi.decision.policy import (
    ENGINE_REASONS,
    FILE_KINDS,
    DecisionPolicy,
    compile_policy,
    parse_policy,
)
from sanshi.kernel.dated import in_force
from sanshi.kernel.errors import InputError, PackError
from sanshi.store.packs import Reading, read_packs

Change = Callable[[dict[str, Any]], None]


def without_rule(*names: str) -> Change:
    def change(raw: dict[str, Any]) -> None:
        rules = raw["rules"]
        rules["rules"] = tuple(rule for rule in rules["rules"] if rule["id"] not in names)

    return change


def with_rule(index: int, **fields: object) -> Change:
    def change(raw: dict[str, Any]) -> None:
        raw["rules"]["rules"][index].update(fields)

    return change


def with_field(name: str, value: object) -> Change:
    def change(raw: dict[str, Any]) -> None:
        raw[name] = value

    return change


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        (without_rule("identity_not_matched"), "policy", "identity that does not match"),
        (with_rule(0, outcome="refer"), "policy", "identity that does not match"),
        (without_rule("sanctions_hit"), "policy", "sanctions hit"),
        (with_rule(1, outcome="note"), "policy", "sanctions hit"),
        (with_rule(1, when={"feature": "sanctions_hits", "ge": 2}), "policy", "sanctions hit"),
        (
            with_rule(
                1,
                when={
                    "all": (
                        {"feature": "sanctions_hits", "ge": 1},
                        {"feature": "live_loans", "ge": 1},
                    )
                },
            ),
            "policy",
            "sanctions hit",
        ),
        (
            with_rule(8, when={"feature": "housing_fund_months", "lt": 3}),
            "policy",
            "housing_fund_months needs a consent that may be declined",
        ),
        (with_rule(3, id="court_dishonest"), "rules", "comes twice"),
        (with_rule(3, show=("income",)), "rules.rules.3", "no feature is called 'income'"),
        (with_rule(3, outcome="approve"), "rules.rules.3.outcome", "'decline', 'refer' or 'note'"),
        (with_rule(3, reason="Too bad"), "rules.rules.3.reason", "pattern"),
        (
            with_rule(3, when={"feature": "live_loans", "lt": 0}),
            "rules.rules.3.when",
            "can never hold",
        ),
        (with_field("principal_reasons", 0), "principal_reasons", "greater than or equal to 1"),
        (with_field("max_age_days", {"weather": 3}), "max_age_days.weather.[key]", "bureau"),
        (with_field("colour", "red"), "colour", "not permitted"),
        (with_field("version", "1"), "version", "valid integer"),
    ],
)
def test_a_faulty_policy_names_the_field(change: Change, field: str, says: str) -> None:
    raw = raw_policy()
    change(raw)
    with pytest.raises(InputError) as caught:
        parse_policy(raw)
    assert caught.value.field == field
    assert says in caught.value.message
    assert caught.value.fix


def read_demo(folder: Path) -> Reading:
    """Read the decision files of a copy of the demo pack, and nothing else of it."""
    return read_packs([folder], (*KINDS, *FILE_KINDS))


@pytest.fixture
def demo_copy(tmp_path: Path) -> Path:
    folder = tmp_path / "demo"
    (folder / "decision").mkdir(parents=True)
    for name in ("pack.yaml", "reasons-decision.yaml", "decision/shenpu_bank.yaml"):
        shutil.copyfile(DEMO / name, folder / name)
    return folder


def test_the_pack_loader_reads_policies_and_words(demo_copy: Path) -> None:
    reading = read_demo(demo_copy)
    assert reading.errors == []
    (pack,) = reading.packs
    (policy,) = pack.more["decision_policies"]
    assert policy == DEMO_POLICY.source
    assert {text.code for text in pack.reasons} == DEMO_POLICY.source.reason_codes()


def test_the_pack_loader_names_file_and_line_of_a_faulty_bound(demo_copy: Path) -> None:
    file = demo_copy / "decision/shenpu_bank.yaml"
    before = file.read_text("utf-8")
    after = before.replace("{feature: live_loans, gt: 8}", "{feature: live_loans, gt: 80000}")
    line = after[: after.index("gt: 80000")].count("\n") + 1
    file.write_text(after, "utf-8")
    (error,) = read_demo(demo_copy).errors
    assert isinstance(error, PackError)
    assert (error.file, error.line) == ("demo/decision/shenpu_bank.yaml", line)
    assert "can never hold" in error.message


def test_every_reason_has_words_in_both_languages_and_no_word_is_idle() -> None:
    words = texts()
    assert words.keys() == DEMO_POLICY.source.reason_codes()
    assert set(ENGINE_REASONS) < words.keys()
    for code, both in words.items():
        assert both["zh"] != both["en"], code
        assert any("\u4e00" <= char <= "\u9fff" for char in both["zh"]), code
        assert not any("\u4e00" <= char <= "\u9fff" for char in both["en"]), code


def test_a_hash_follows_the_content_of_its_part() -> None:
    def hashes(change: Change | None) -> dict[str, str]:
        raw = raw_policy()
        if change is not None:
            change(raw)
        return {part.kind: part.content_hash for part in compile_policy(parse_policy(raw)).parts}

    before, same = hashes(None), hashes(None)
    after = hashes(with_rule(8, when={"feature": "live_loans", "gt": 9}))
    assert before == same == {part.kind: part.content_hash for part in DEMO_POLICY.parts}
    assert {kind for kind in before if before[kind] != after[kind]} == {"policy", "rules"}


def test_a_policy_is_dated() -> None:
    raw = raw_policy()
    later = parse_policy(
        raw | {"version": 2, "effective_from": raw["effective_from"].replace(2027)}
    )
    versions: list[DecisionPolicy] = [DEMO_POLICY.source, later]
    day = DEMO_POLICY.source.effective_from
    assert in_force(versions, day) is DEMO_POLICY.source
    assert in_force(versions, day.replace(2027)) is later


def test_only_what_the_policy_looks_at_is_wanted() -> None:
    assert "financed_share_ppm" not in DEMO_POLICY.wanted
    assert {"verified_income_fen", "income_evidence", "live_loans"} < DEMO_POLICY.wanted
    raw = raw_policy()
    without_rule("device_tampered")(raw)
    assert "device_tampered" not in compile_policy(parse_policy(raw)).wanted
