"""Documents hold true: links lead somewhere, named paths exist, both languages match."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from house.house import PACKAGE, ROOT, tracked_paths

FENCE = re.compile(r"(?ms)^```.*?^```$")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
HEADING = re.compile(r"(?m)^(#{1,6}) (.+)$")
NAMED_PATH = re.compile(r"`((?:src|tests|docs|packs|benchmarks|frontend|\.ci)/[\w./-]*)`")
PARTS_OF_A_DECISION = ["Context", "Decision", "Consequences", "Enforced by"]

PAGES = [path for path in tracked_paths() if path.endswith(".md")]
DECISIONS = [path for path in PAGES if path.startswith("docs/decisions/")]


def prose(text: str) -> str:
    return FENCE.sub("", text)


def headings(text: str) -> list[tuple[int, str]]:
    """Return the level and the words of every heading."""
    return [(len(marks), words.strip()) for marks, words in HEADING.findall(prose(text))]


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives the headings."""
    words = (words.lower().replace("`", "") for _, words in headings(text))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in words}


def dead_links(page: Path, text: str) -> list[str]:
    """Return the links of a page that lead to no file or no heading."""
    dead = []
    for link in LINK.findall(prose(text)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(read(target))):
            dead.append(link)
    return dead


def missing_paths(root: Path, text: str) -> list[str]:
    """Return the paths in code marks that are not in the repository."""
    return [path for path in NAMED_PATH.findall(text) if not (root / path).exists()]


def read(path: str | Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    assert dead_links(ROOT / page, read(page)) == []


@pytest.mark.parametrize("page", PAGES)
def test_named_paths_exist(page: str) -> None:
    assert missing_paths(ROOT, read(page)) == []


def test_both_readmes_have_the_same_shape() -> None:
    english, chinese = headings(read("README.md")), headings(read("README.zh-CN.md"))
    assert len(english) > 3
    assert [level for level, _ in english] == [level for level, _ in chinese]


def test_readmes_point_at_each_other() -> None:
    assert "(README.zh-CN.md)" in read("README.md")
    assert "(README.md)" in read("README.zh-CN.md")


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(Path(path).name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


@pytest.mark.parametrize("page", DECISIONS)
def test_a_decision_says_what_enforces_it(page: str) -> None:
    text = read(page)
    (_, title), *parts = headings(text)
    assert title.startswith(f"{int(Path(page).name[:4])}. ")
    assert [words for _, words in parts] == PARTS_OF_A_DECISION
    assert "`" in text.partition("## Enforced by")[2]


def test_every_decision_is_listed() -> None:
    listed = read("docs/README.md")
    assert [p for p in DECISIONS if f"(decisions/{Path(p).name})" not in listed] == []


def test_the_architecture_names_every_room() -> None:
    code = [path for path in tracked_paths() if path.startswith(PACKAGE) and path.endswith(".py")]
    parts = [path.removeprefix(PACKAGE).partition("/") for path in code]
    rooms = {f"{room}/" if inside else room for room, inside, _ in parts}
    text = read("docs/architecture.md")
    unnamed = sorted(room for room in rooms if f"`{PACKAGE}{room}`" not in text)
    assert unnamed == ["__init__.py"]


def test_dead_links_are_seen(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    text = "# One `two` (三)\n[a](b.md) [c](#one-two-三) [d](#gone) [e](https://x.cn) [f](a.md)\n"
    page.write_text(text, encoding="utf-8")
    assert dead_links(page, text) == ["b.md", "#gone"]
    assert dead_links(page, "```\n[a](b.md)\n```\n") == []


def test_missing_paths_are_seen(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    assert missing_paths(tmp_path, "`src/` `src/gone.py` `other/x`") == ["src/gone.py"]


def test_headings_in_code_blocks_do_not_count() -> None:
    assert headings("# A\n```\n# b\n```\n## C\n") == [(1, "A"), (2, "C")]
