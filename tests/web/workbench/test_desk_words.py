"""English pages of the workbench are English: only what people typed and names stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from web.workbench.screens import SCREENS
from web.workbench.serving import House

CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")


def typed_by_people(house: House) -> frozenset[str]:
    """Return names of staff and customers, and what was typed into forms."""
    store = house.office.world.store
    found = {row["display_name"] for row in store.rows("staff_account")}
    for row in store.rows("proposal"):
        found |= {row["reason"], *(str(value) for value in row["request"].values())}
    found |= {row["label"] for row in store.rows("api_key")}
    found |= {row["purpose"] for row in store.rows("audit")}
    found |= {"洗衣机送来时门是坏的"}
    return frozenset(
        {*found, "林**", "周**", *(f"Why must you see the data of {n}?" for n in ("林**",))}
    )


class Texts(HTMLParser):
    """Texts of a page and what its attributes say, outside elements marked as Chinese."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.zh = 0

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.zh = 2 if given.get("lang") == "zh-CN" else 0
        self.found += [given[name] or "" for name in ("aria-label", "title") if given.get(name)]

    def handle_data(self, data: str) -> None:
        if not self.zh:
            self.found.append(data.strip())
        self.zh = 0


def texts(page: str) -> Iterator[str]:
    reader = Texts()
    reader.feed(page)
    yield from reader.found


@pytest.mark.parametrize("name", SCREENS)
def test_english_screens_are_english(house: House, name: str) -> None:
    who, path = SCREENS[name]
    answer = house.browser(who, "en").get(path.format(**house.lived.ids))
    assert '<html lang="en"' in answer.text
    typed = typed_by_people(house)
    left = [text for text in texts(answer.text) if CHINESE.search(text)]
    assert [text for text in left if not any(one in text for one in typed)] == []
    assert "wrong" not in name or answer.status_code == 422
