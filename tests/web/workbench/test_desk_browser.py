"""The workbench in a real browser: both languages, both widths, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from sanshi.kernel.reasons import Language
from web.consumer.looking import AXE, OVERLAPPING, SIDEWAYS, STYLES
from web.workbench.screens import SCREENS
from web.workbench.serving import House

LANGUAGES: tuple[Language, Language] = ("zh", "en")
QUICK = (
    ("sign_in", "zh"),
    ("overview", "en"),
    ("application_declined", "en"),
    ("loan_overdue", "zh"),
    ("loans_filtered", "en"),
    ("change_tried", "zh"),
    ("change_wrong", "en"),
    ("replay_known", "en"),
    ("proposal_change", "zh"),
    ("unmask", "zh"),
    ("case", "en"),
    ("close", "zh"),
    ("accruals", "en"),
    ("books", "en"),
    ("settlements", "en"),
    ("settlement", "zh"),
    ("settlement_refused", "en"),
    ("proposal", "zh"),
    ("new_account", "en"),
    ("missing", "zh"),
)
"""One of each kind of page; the long run tries all in both languages."""
WIDTHS = ((1440, 900), (390, 844))
RING = """() => {
    const e = document.activeElement;
    if (e === document.body) return null;
    const style = getComputedStyle(e);
    e.dataset.seen = e.dataset.seen || String(Math.random());
    return [e.dataset.seen, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2];
}"""
STOPS = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]'
)].filter(e => e.checkVisibility()).length"""


def sorted_out() -> Iterator[Any]:
    """Give every screen in both languages; those that are not quick are left to the long tests."""
    for name in SCREENS:
        for language in LANGUAGES:
            marks = () if (name, language) in QUICK else (pytest.mark.long,)
            yield pytest.param(name, language, id=f"{name}-{language}", marks=marks)


@pytest.fixture(scope="module")
def contexts(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    yield opened
    opened.close()


@pytest.fixture
def page(contexts: BrowserContext) -> Iterator[Page]:
    contexts.clear_cookies()
    opened = contexts.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    opened.close()
    # A page that says 403, 404 or 422 is itself reported as a resource that did not load.
    assert [said for said in complaints if "Failed to load resource" not in said] == []


def sit(context: BrowserContext, house: House, who: str | None, language: str) -> None:
    held = house.cookies(who, language)
    context.add_cookies([{"name": n, "value": v, "url": house.url} for n, v in held.items()])


def show(page: Page, house: House, name: str, language: str, width: int = 1440) -> None:
    who, path = SCREENS[name]
    sit(page.context, house, who, language)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(house.url + path.format(**house.lived.ids))


def assert_accessible(page: Page) -> None:
    results = Axe().run(page, options=AXE)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize(("name", "language"), list(sorted_out()))
def test_screen_fits_and_is_readable_by_everyone(
    page: Page, house: House, name: str, language: str
) -> None:
    show(page, house, name, language)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(SIDEWAYS) == [], width
        assert page.evaluate(OVERLAPPING) == [], width
        assert_accessible(page)
    styles = page.evaluate(STYLES)
    assert {weight for _, _, weight in styles} <= {"400", "700"}
    # Axis labels scale with their picture; everything else is at least this large.
    assert min(size for _, size, _ in styles) >= 11


@pytest.mark.parametrize("name", ["loan_overdue", "case", "change_tried", "replay_known"])
def test_keyboard_reaches_everything(page: Page, house: House, name: str) -> None:
    show(page, house, name, "zh")
    wanted = page.evaluate(STOPS)
    reached: dict[str, bool] = {}
    for _ in range(2 * wanted):  # a date takes several: day, month, year, calendar
        page.keyboard.press("Tab")
        focus = page.evaluate(RING)
        if focus is None:
            break
        reached[focus[0]] = focus[1]
    assert len(reached) == wanted
    assert all(reached.values())


def test_screen_at_double_size_fits(page: Page, house: House) -> None:
    for name in ("loan_overdue", "loans", "application_declined", "change_tried", "replay_known"):
        show(page, house, name, "zh", 720)
        assert page.evaluate(SIDEWAYS) == []


def test_work_is_done_without_scripts(browser: Browser, house: House) -> None:
    plain = browser.new_context(java_script_enabled=False)
    sit(plain, house, "servicing", "zh")
    page = plain.new_page()
    page.goto(house.url + "/loans")
    page.select_option("#stage", "active")
    page.fill("#text", "haitai")
    page.click("button.s-go")
    assert page.url == f"{house.url}/loans?text=haitai&stage=active"
    assert page.locator("tbody tr").count() == 2
    page.locator("thead a").first.click()
    assert "sort=made" in page.url
    page.locator("tbody a").first.click()
    assert "/loans/ln_" in page.url
    page.goto(f"{house.url}/customers/{house.lived.ids['person']}/unmask")
    page.click("button.s-go")
    assert page.locator("#reason").get_attribute("aria-invalid") == "true"
    page.fill("#reason", "客户来电要求补寄合同")
    page.click("button.s-go")
    assert "990000199205200015" in page.inner_text("main")
    plain.close()


def test_errors_lead_to_their_fields(page: Page, house: House) -> None:
    show(page, house, "new_account", "en")
    page.click("button.s-go")
    links = page.locator(".s-errors a")
    assert links.count() == 4
    for number in range(links.count()):
        target = str(links.nth(number).get_attribute("href"))
        assert page.locator(target).count() == 1
    assert_accessible(page)
