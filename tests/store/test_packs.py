"""Reading packs: every error names file, line, field and fix; all of them come at once."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.catalogue.packs import KINDS, FileKind, Library
from sanshi.catalogue.products import Product
from sanshi.kernel.errors import PackError
from sanshi.store.marked_yaml import read_document
from sanshi.store.packs import (
    DEFAULT_PACKS,
    check,
    load_packs,
    packs_root,
    read_packs,
)

INSTRUMENTS = """\
instruments:
  - id: measures
    zh: 办法
    en: Measures
    effective_from: 2024-01-01
    confidence: V1
"""
FACT = """\
facts:
  - key: loan.limit
    zh: 上限
    en: limit
    date_basis: sign
    grandfather: true
    versions:
      - value: 200000
        unit: CNY
        value_kind: limit
        instrument: measures
        effective_from: 2024-01-01
        confidence: V2
"""
RULE = """\
rules:
  - id: amount.limit
    zh: 金额
    en: amount
    fact: loan.limit
    observable: borrower.credit_balance_fen
    operator: at_most
    when: {lender_type: [bank]}
    reason: amount.too_large
"""
REASONS = """\
reasons:
  - code: amount.too_large
    zh: 超过上限。
    en: Above the limit.
"""
MANIFEST = "id: tiny\nzh: 小\nen: tiny\ncheckedon: 2026-11-22\n".replace("checkedon", "checked_on")

FILES = {
    "pack.yaml": MANIFEST,
    "instruments.yaml": INSTRUMENTS,
    "policies/loans.yaml": FACT,
    "rules/loans.yaml": RULE,
    "reasons.yaml": REASONS,
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return write(tmp_path / "tiny", FILES)


def test_a_sound_pack_has_no_errors(tiny: Path) -> None:
    report = check([tiny])
    assert report.sound
    assert (report.instruments, report.facts, report.versions, report.rules) == (1, 1, 1, 1)
    assert report.information_only == 0


@dataclass(frozen=True)
class Fault:
    """One change to one file, and where the error must point."""

    file: str
    old: str
    new: str
    code: str
    line: int
    field: str
    fix: str


POLICY = "policies/loans.yaml"
RULES = "rules/loans.yaml"
SECOND = """\
      - value: 300000
        unit: CNY
        value_kind: limit
        instrument: measures
        effective_from: {start}
        confidence: V2
"""
V0 = "facts[0].versions[0]"

FAULTS = [
    Fault(POLICY, "    zh: 上限\n", "", "pack.field", 2, "facts[0].zh", "Add the field"),
    Fault(POLICY, "unit: CNY", "unti: CNY", "pack.field", 9, f"{V0}.unti", "spelling"),
    Fault(POLICY, "sign", "signed", "pack.field", 5, "facts[0].date_basis", "'quote'"),
    Fault(POLICY, "true", "'yes'", "pack.field", 6, "facts[0].grandfather", "true or false"),
    Fault(POLICY, "2024-01-01", "'2024-01-01'", "pack.field", 12, f"{V0}.effective_from", "quotes"),
    Fault(POLICY, "2024-01-01", "2024-13-01", "pack.date", 12, f"{V0}.effective_from", "YYYY"),
    Fault(POLICY, "loan.limit", "Loan limit", "pack.field", 2, "facts[0].key", "must match"),
    Fault(POLICY, "unit: CNY", "unit: USD", "pack.unknown_unit", 9, f"{V0}.unit", "CNY_per_year"),
    Fault(
        POLICY, "measures", "nothing", "pack.unknown_instrument", 11, f"{V0}.instrument", "instru"
    ),
    Fault(
        POLICY,
        "        effective_from: 2024-01-01\n",
        "        effective_from: 2024-01-01\n        effective_to: 2023-12-31\n",
        "pack.dates_backwards",
        13,
        f"{V0}.effective_to",
        "two dates",
    ),
    Fault(POLICY, "200000", "many", "pack.value_wrong", 8, f"{V0}.value", "named beside it"),
    Fault(POLICY, "200000", "0.001", "pack.value_wrong", 8, f"{V0}.value", "named beside it"),
    Fault(POLICY, "200000", "-1", "pack.value_wrong", 8, f"{V0}.value", "named beside it"),
    Fault(POLICY, "200000", ".nan", "pack.number", 8, f"{V0}.value", "digits"),
    Fault(POLICY, "200000", "null", "pack.value_missing", 8, f"{V0}.value", "set_by_lender"),
    Fault(POLICY, "      - value: 200000\n        unit", "      - unit", "pack.value_missing", 8,
          V0 + ".value", "State the value"),
    Fault(POLICY, "V2", "X", "pack.value_not_found", 8, f"{V0}.value", "Leave the value empty"),
    Fault(POLICY, "V2", "X", "pack.kind_confidence", 10, f"{V0}.value_kind", "confidence X"),
    Fault(POLICY, "kind: limit", "kind: set_by_lender", "pack.lender_sets_value", 8, f"{V0}.value",
          "lender's own value"),
    Fault(POLICY, "V2\n", "V2\n" + SECOND.format(start="2024-01-01"), "pack.overlap", 18,
          "facts[0].versions[1].effective_from", "supersedes"),
    Fault(POLICY, "V2\n", "V2\n        effective_to: 2024-12-31\n" +
          SECOND.format(start="2024-12-31"), "pack.overlap", 19,
          "facts[0].versions[1].effective_from", "day before"),
    Fault(POLICY, "V2\n", "V2\n        expected: true\n", "pack.expected_without_end", 14,
          f"{V0}.expected", "effective_to"),
    Fault(POLICY, "        unit: CNY\n", "        unit: CNY\n        unit: CNY\n",
          "pack.duplicate_key", 10, f"{V0}.unit", "Keep one"),
    Fault(POLICY, "facts:", "fact:", "pack.file_shape", 1, "fact", "facts:"),
    Fault(POLICY, "    zh: 上限", "  zh: 上限", "pack.not_yaml", 3, "", "indentation"),
    Fault(POLICY, "zh: 上限", "zh: !!python/name:os.system x", "pack.tag", 3, "facts[0].zh", "tag"),
    Fault(POLICY, "true", "!!bool maybe", "pack.tag", 6, "facts[0].grandfather", "tag"),
    Fault(RULES, "loan.limit", "loan.limits", "pack.unknown_fact", 5, "rules[0].fact", "policies/"),
    Fault(RULES, "borrower.credit", "borrower.debt", "pack.unregistered", 6,
          "rules[0].observable[0]", "registers"),
    Fault(RULES, "at_most", "less_than", "pack.unregistered", 7, "rules[0].operator", "at_most"),
    Fault(RULES, "at_most", "among", "pack.operator_unfit", 7, "rules[0].operator", "codes"),
    Fault(RULES, "borrower.credit_balance_fen", "loan.term_months", "pack.observable_unfit", 6,
          "rules[0].observable[0]", "like with like"),
    Fault(RULES, "lender_type", "lender_kind", "pack.unregistered", 8, "rules[0].when.lender_kind",
          "registers"),
    Fault(RULES, "[bank]", "[banque]", "pack.condition_value", 8, "rules[0].when.lender_type",
          "registered values"),
    Fault(RULES, "amount.too_large", "amount.too_big", "pack.reason_without_words", 9,
          "rules[0].reason", "reasons.yaml"),
    Fault(RULES, "    operator", "    part: [new]\n    operator", "pack.nothing_to_compare", 7,
          "rules[0].part", "part"),
    Fault("pack.yaml", "id: tiny\n", "", "pack.field", 1, "id", "Add the field"),
    Fault("instruments.yaml", "V1", "V9", "pack.field", 6, "instruments[0].confidence", "'V1'"),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{f.code}:{f.field}:{f.new[:12].strip()}")
def test_a_fault_is_named_with_file_line_field_and_fix(tiny: Path, fault: Fault) -> None:
    path = tiny / fault.file
    text = path.read_text(encoding="utf-8")
    assert fault.old in text
    path.write_text(text.replace(fault.old, fault.new, 1), encoding="utf-8")
    errors = read_packs([tiny]).errors
    found = [error for error in errors if (error.code, error.field) == (fault.code, fault.field)]
    assert len(found) == 1, [str(error) for error in errors]
    error = found[0]
    assert error.file == f"tiny/{fault.file}"
    assert error.line == fault.line
    assert fault.fix in error.fix
    assert str(error).startswith(f"tiny/{fault.file}:{fault.line}: {fault.code}")


def test_all_errors_of_all_files_come_at_once_in_order(tiny: Path) -> None:
    (tiny / POLICY).write_text(FACT.replace("unit: CNY", "unit: USD").replace("sign", "signed"))
    (tiny / RULES).write_text(RULE.replace("at_most", "under").replace("[bank]", "[banque]"))
    (tiny / "notes.yaml").write_text("a: 1\n")
    with pytest.raises(ExceptionGroup) as caught:
        load_packs([tiny])
    errors = [error for error in caught.value.exceptions if isinstance(error, PackError)]
    assert len(errors) == len(caught.value.exceptions)
    assert [(error.file, error.code) for error in errors] == [
        ("tiny/notes.yaml", "pack.unknown_file"),
        (f"tiny/{POLICY}", "pack.field"),
        (f"tiny/{RULES}", "pack.unregistered"),
        (f"tiny/{RULES}", "pack.condition_value"),
    ]


def test_a_name_defined_twice_is_an_error_that_names_the_first(tiny: Path) -> None:
    write(tiny, {"policies/more.yaml": FACT})
    errors = read_packs([tiny]).errors
    assert [error.code for error in errors] == ["pack.duplicate"]
    assert errors[0].file == "tiny/policies/more.yaml"
    assert "tiny/policies/loans.yaml:2" in errors[0].message


def test_a_folder_without_a_manifest_is_no_pack(tiny: Path) -> None:
    (tiny / "pack.yaml").unlink()
    errors = read_packs([tiny]).errors
    assert [(error.code, error.file) for error in errors] == [
        ("pack.no_manifest", "tiny/pack.yaml")
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe\x00", "pack.unreadable"),
        (b"#" * 1_000_001, "pack.too_large"),
        (b"a: " + b"[" * 100 + b"]" * 100, "pack.too_deep"),
        (b"a: &x [1]\nb: *y\n", "pack.not_yaml"),
        (b"a: 1\n---\nb: 2\n", "pack.not_yaml"),
        (b"a: 1\nb: \x01\n", "pack.not_yaml"),
        (b"[" * 100_000, "pack.not_yaml"),
        (b"a: &x [1, 2]\nb: [*x, *x]\n", "pack.alias"),
        (b"a: &x [*x]\n", "pack.alias"),
    ],
)
def test_what_is_no_pack_file_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    with pytest.raises(PackError) as caught:
        read_document(path)
    assert caught.value.code == code
    assert caught.value.line >= 1
    assert caught.value.fix


@given(st.text(max_size=200))
def test_any_text_is_a_value_or_a_pack_error(text: str) -> None:
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - hypothesis forbids function fixtures

    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.yaml"
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        try:
            document = read_document(path)
        except PackError as error:
            assert error.line >= 1  # noqa: PT017 - either outcome is right, a crash is not
        else:
            assert all(line >= 1 for line in document.lines.values())


def _hash(folder: Path) -> str:
    return load_packs([folder]).packs[0].hash()


def test_the_hash_is_of_what_is_said_not_of_how_it_is_laid_out(tiny: Path, tmp_path: Path) -> None:
    before = _hash(tiny)
    other = write(tmp_path / "elsewhere", FILES)
    (other / POLICY).unlink()
    spelt = FACT.replace("200000", "200_000.00").replace("facts:", "# a comment\nfacts:\n")
    write(other, {"policies/renamed.yaml": spelt})
    assert _hash(other) == before


def test_the_order_of_facts_and_versions_does_not_change_the_hash(tmp_path: Path) -> None:
    source = packs_root() / "china"
    copy = shutil.copytree(source, tmp_path / "china")
    for path in sorted((copy / "policies").glob("*.yaml")):
        head, *items = path.read_text(encoding="utf-8").split("\n  - key: ")
        random.Random(7).shuffle(items)
        text = "\n  - key: ".join([head.rstrip("\n"), *(item.rstrip("\n") for item in items)])
        path.write_text(text + "\n", encoding="utf-8")
    assert _hash(copy) == _hash(source)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("200000", "200001"),
        lambda text: text.replace("V2", "V2s"),
        lambda text: text.replace("2024-01-01", "2024-01-02"),
        lambda text: text.replace("grandfather: true", "grandfather: false"),
        lambda text: text.replace("en: limit", "en: Limit"),
    ],
)
def test_any_change_of_content_changes_the_hash(tiny: Path, change: Callable[[str], str]) -> None:
    before = _hash(tiny)
    (tiny / POLICY).write_text(change(FACT), encoding="utf-8")
    assert _hash(tiny) != before


def test_the_packs_that_come_with_sanshi_are_sound() -> None:
    report = check([packs_root() / name for name in DEFAULT_PACKS])
    assert report.errors == ()
    assert (report.instruments, report.facts, report.versions) == (52, 132, 154)
    assert sum(report.by_confidence.values()) == report.versions
    assert 0 < report.information_only < report.facts


def test_further_kinds_of_file_land_beside_the_law(tiny: Path) -> None:
    kinds = (*KINDS, FileKind("products/*.yaml", "products", Product, "id"))
    write(tiny, {"products/x.yaml": "products:\n  - id: loan\n    zh: 贷款\n"})
    errors = read_packs([tiny], kinds).errors
    assert {error.code for error in errors} == {"pack.field"}
    assert {error.file for error in errors} == {"tiny/products/x.yaml"}
    assert [error.code for error in read_packs([tiny]).errors] == ["pack.unknown_file"]


def test_law_and_city_share_instruments_and_reasons(tmp_path: Path) -> None:
    law = write(tmp_path / "law", {k: v for k, v in FILES.items() if k != RULES})
    city = write(tmp_path / "city", {"pack.yaml": MANIFEST.replace("tiny", "city"), RULES: RULE})
    library = load_packs([law, city])
    assert isinstance(library, Library)
    assert [rule.id for rule in library.rules] == ["amount.limit"]
    assert [error.code for error in read_packs([city]).errors] == [
        "pack.unknown_fact",
        "pack.reason_without_words",
    ]
