"""The page on the Opinions: every sentence verbatim and in order, states that count, real paths."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from house.house import ROOT

PAGE = ROOT / "docs/opinions.md"
STATES = ("kept", "partly", "not yet", "outside software")
NEEDS_A_PATH = frozenset({"kept", "partly"})
HEADER = ["sentence", "in English", "state", "where"]
COUNTED = ["state", "sentences", "what it means"]

SENTENCE = re.compile(r"[^。；;]+[。；;]")
LONGEST_LEAD = 12
"""Paragraphs of the Opinions open with a few words that say what they are about: a title."""
HEADING = re.compile(r"#+ ([^A-Za-z]+)")
MARKED = re.compile(r"`([^`]*)`")
BARE_PATH = re.compile(r"\b(?:src|packs|tests|docs|benchmarks|frontend)/")


@dataclass(frozen=True)
class Row:
    """One sentence on the page."""

    sentence: str
    english: str
    state: str
    where: str

    @property
    def paths(self) -> list[str]:
        return MARKED.findall(self.where)

    def faults(self, root: Path) -> Iterator[str]:
        """Yield what is wrong with the row, whatever the Opinions say."""
        if not (self.sentence and self.english and self.where):
            yield "an empty cell"
        if self.state not in STATES:
            yield f"no state is called {self.state!r}"
        if self.state in NEEDS_A_PATH and not self.paths:
            yield f"{self.state}, but it names no path"
        if BARE_PATH.search(MARKED.sub("", self.where)):
            yield "a path without code marks"
        yield from (f"{path} is not there" for path in self.paths if not _is_in(root, path))


def _is_in(root: Path, path: str) -> bool:
    return bool(path) and not path.startswith(("/", ".")) and (root / path).exists()


def cells(line: str) -> list[str]:
    """Return the cells of a table's line; none of any other line, nor of the line of dashes."""
    if not (line.startswith("|") and line.endswith("|")) or set(line) <= set("|-"):
        return []
    return [cell.strip() for cell in line[1:-1].split("|")]


def table(text: str, header: list[str]) -> Iterator[list[str]]:
    """Yield the rows below every such header, up to the next header or the table's end."""
    inside = False
    for line in text.splitlines():
        row = cells(line)
        if row == header:
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and row:
            yield row


def rows(text: str) -> list[Row]:
    return [Row(*row) for row in table(text, HEADER)]


def counts(text: str) -> dict[str, int]:
    """Return the counts at the top of the page."""
    return {state: int(number) for state, number, _ in table(text, COUNTED)}


def counted(page: list[Row]) -> dict[str, int]:
    by_state = Counter(row.state for row in page)
    return {state: by_state[state] for state in STATES} | {"all": len(page)}


def told(page: str) -> Iterator[str]:
    """Yield the Chinese headings and the sentences of the page in order."""
    for line in page.splitlines():
        heading = HEADING.match(line)
        row = cells(line)
        if heading:
            yield heading[1].strip()
        elif len(row) == len(HEADER) and row != HEADER:
            yield row[0]


def wanted(opinions: str) -> Iterator[str]:
    """Yield the titles and the sentences of the Opinions in order.

    The sign-off and a pointer to the text of the web page (a rest without a full stop) are left
    out.
    """
    for line in filter(None, map(str.strip, opinions.splitlines())):
        sentences = SENTENCE.findall(line)
        if not sentences and not line.endswith(")"):
            yield line
        if len(sentences) > 1 and len(sentences[0]) <= LONGEST_LEAD:
            yield sentences.pop(0).removesuffix("。")
        yield from sentences


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def opinions(shared_data: Path) -> str:
    path = shared_data.parent / "policy" / "opinions.zh.txt"
    if not path.is_file():
        pytest.skip(f"No text of the Opinions in {path.parent}.")
    return path.read_text(encoding="utf-8")


def test_every_sentence_stands_verbatim_and_in_order(page: str, opinions: str) -> None:
    assert list(told(page)) == list(wanted(opinions))


def test_every_row_has_a_state_and_paths_that_exist(page: str) -> None:
    faults = [f"{row.sentence}: {fault}" for row in rows(page) for fault in row.faults(ROOT)]
    assert not faults, "\n".join(faults)


def test_the_counts_at_the_top_are_right(page: str) -> None:
    assert counts(page) == counted(rows(page))
    assert rows(page)


def test_all_of_a_text_is_wanted_but_pointers_and_the_sign_off() -> None:
    text = """\
各部门印发意见。详见↓

工作目标
到年底,推出一批消费新场景;金融机构推出产品。
(一)加强联动
扩大消费。推动汽车换“能”。推广车牌分期；优化流程。
(有效期至年底)
"""
    assert list(wanted(text)) == [
        "各部门印发意见。",
        "工作目标",
        "到年底,推出一批消费新场景;",
        "金融机构推出产品。",
        "(一)加强联动",
        "扩大消费",
        "推动汽车换“能”。",
        "推广车牌分期；",
        "优化流程。",
    ]


def test_a_page_is_read_in_order() -> None:
    text = """\
# The Opinions
| state | sentences | what it means |
|---|---|---|
| kept | 2 | |
## 目标 Aims
| sentence | in English | state | where |
|---|---|---|---|
| 一。 | One. | kept | `packs/` |

### (一)消费 Consumption
| sentence | in English | state | where |
|---|---|---|---|
| 二; | Two; | not yet | later |
"""
    assert list(told(text)) == ["目标", "一。", "(一)消费", "二;"]
    assert counts(text) == {"kept": 2}
    assert counted(rows(text)) == {
        "kept": 1,
        "partly": 0,
        "not yet": 1,
        "outside software": 0,
        "all": 2,
    }


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (Row("一。", "", "not yet", "later"), "an empty cell"),
        (Row("一。", "One.", "done", "`src/a.py`"), "no state is called 'done'"),
        (Row("一。", "One.", "kept", "everywhere"), "kept, but it names no path"),
        (Row("一。", "One.", "partly", "much"), "partly, but it names no path"),
        (Row("一。", "One.", "not yet", "see src/a.py"), "a path without code marks"),
        (Row("一。", "One.", "kept", "`src/a.py`, `src/b.py`"), "src/b.py is not there"),
        (Row("一。", "One.", "kept", "`src/a.py`, `rate`"), "rate is not there"),
        (Row("一。", "One.", "kept", "`src/a.py`, `../src`"), "../src is not there"),
        (Row("一。", "One.", "kept", "`src/a.py`, ``"), " is not there"),
    ],
)
def test_what_is_wrong_with_a_row_is_seen(tmp_path: Path, row: Row, fault: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/a.py").touch()
    assert list(row.faults(tmp_path)) == [fault]
    good = Row("一。", "One.", "kept", "`src/a.py` and `src/`")
    assert list(good.faults(tmp_path)) == []
