"""Hands that walk a site in a real browser: by pointer, or by keyboard alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from web.consumer.looking import AXE, SIDEWAYS

SHOTS = os.environ.get("SANSHI_SHOTS", "")
"""A folder for a picture of every page that a walk comes through, for people to look at."""

MOST_TABS = 160


@dataclass(slots=True)
class Hand:
    """A person's hand: goes by pointer and types."""

    page: Page
    name: str
    scripts: bool = True
    seen: list[str] = field(default_factory=list)

    def arrives(self, what: str) -> None:
        """Look at the page that is open: it reads for everybody, and nothing sticks out."""
        self.seen.append(what)
        self.page.wait_for_load_state("load")
        if SHOTS:
            folder = Path(SHOTS)
            folder.mkdir(parents=True, exist_ok=True)
            shot = folder / f"{self.name}-{len(self.seen):02d}-{what}.png"
            self.page.screenshot(path=shot, full_page=True)
        assert self.page.evaluate(SIDEWAYS) == [], what
        if self.scripts:
            results = Axe().run(self.page, options=AXE)
            assert results.violations_count == 0, (what, results.generate_report())

    def presses(self, target: Locator) -> None:
        """Press a button, follow a link, or tick a box."""
        target.scroll_into_view_if_needed()
        self._leads(target, target.click)

    def _leads(self, target: Locator, press: Callable[[], None]) -> None:
        """Press, and wait for the page that a button or a link leads to."""
        if _kind(target) not in {"submit", "a"}:
            press()
            return
        with self.page.expect_navigation(wait_until="load"):
            press()

    def types(self, target: Locator, text: str) -> None:
        """Fill a field in."""
        target.fill(text)


class Keys(Hand):
    """The same with the keyboard alone: every target is reached by the tab key, and seen."""

    def presses(self, target: Locator) -> None:
        """Reach it and press it."""
        self._reach(target)
        key = "Space" if _kind(target) in {"checkbox", "radio"} else "Enter"
        self._leads(target, lambda: self.page.keyboard.press(key))

    def types(self, target: Locator, text: str) -> None:
        """Reach it and type."""
        self._reach(target)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)

    def _reach(self, target: Locator) -> None:
        group = target.evaluate("e => e.type === 'radio' ? e.name : ''")
        for _ in range(MOST_TABS):
            if target.evaluate("e => e === document.activeElement"):
                return
            here = self.page.evaluate(
                "(() => { const e = document.activeElement;"
                " return e && e.type === 'radio' ? e.name : ''; })()"
            )
            # Within a group of radio buttons the arrow keys lead from one to the next.
            self.page.keyboard.press("ArrowDown" if group and here == group else "Tab")
        raise AssertionError(f"the keyboard does not reach {target}")


def _kind(target: Locator) -> str:
    kind: str = target.evaluate("e => e.type || e.tagName.toLowerCase()")
    return kind
