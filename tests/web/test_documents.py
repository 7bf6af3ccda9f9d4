"""Documents in a real browser: readable at every width, by every reader, with nothing fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from documents.plans import LANGUAGES, contract_values, lease, papers, plate, television
from sanshi.documents.render import TEMPLATES
from sanshi.kernel.reasons import Language

WIDTHS = (390, 1440)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
USUAL = {("zh", 390), ("en", 1440)}
SEEN = [
    pytest.param(language, width, marks=[] if (language, width) in USUAL else pytest.mark.long)
    for language in LANGUAGES
    for width in WIDTHS
]
"""Each language at the size where it is read most; the long run tries all."""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
STYLES = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim();
        const style = getComputedStyle(walker.currentNode.parentElement);
        if (text && style.display !== 'none')
            found.push([
                text, parseFloat(style.fontSize), style.fontWeight, style.fontVariantNumeric
            ]);
    }
    return found;
}"""
OVERLAPPING = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const boxes = [];
    while (walker.nextNode()) {
        if (walker.currentNode.parentElement.closest('thead')) continue;
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        for (const box of range.getClientRects())
            if (box.width > 1) boxes.push([box, walker.currentNode.textContent.trim()]);
    }
    const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
        && a.top < b.bottom - b.height / 4 && b.top < a.bottom - a.height / 4;
    const found = [];
    boxes.forEach(([a, one], i) => boxes.slice(i + 1).forEach(([b, other]) => {
        if (one && other && meet(a, b)) found.push(`${one} / ${other}`);
    }));
    return found;
}"""
CUT = """() => [...document.querySelectorAll('main *')].filter(
    e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5
).map(e => e.outerHTML.slice(0, 80))"""

DEAR: dict[str, Any] = {
    "price_fen": 29_999_999,
    "down_payment_fen": 0,
    "terms_months": (60,),
    "methods": ("equal_principal",),
}


def dear() -> dict[str, Any]:
    return contract_values(**DEAR)


@pytest.fixture
def asked_for() -> list[str]:
    return []


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Share a window: documents come from nowhere, so they leave no cookies or files there."""
    opened = browser.new_context()
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, asked_for: list[str]) -> Iterator[Page]:
    """Give a page that notes whatever it tries to fetch or complains about."""
    opened = context.new_page()
    opened.on("request", lambda request: asked_for.append(request.url))
    opened.on("console", lambda message: asked_for.append(message.text))
    opened.on("pageerror", lambda error: asked_for.append(str(error)))
    yield opened
    opened.close()


def show(page: Page, width: int, html: str) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.set_content(html)


def assert_fits(page: Page) -> None:
    assert page.evaluate(OVERFLOW) == 0
    assert page.evaluate(CUT) == []
    assert page.evaluate(OVERLAPPING) == []


READ: list[tuple[str, Callable[[], dict[str, Any]]]] = [
    *((template, television) for template in TEMPLATES),
    *(("contract", make) for make in (plate, lease)),
]


@pytest.mark.parametrize(("language", "width"), SEEN)
@pytest.mark.parametrize("read", READ, ids=lambda read: f"{read[0]}-{read[1].__name__}")
def test_document_is_readable(
    page: Page,
    asked_for: list[str],
    read: tuple[str, Callable[[], dict[str, Any]]],
    language: Language,
    width: int,
) -> None:
    template, make = read
    show(page, width, papers().render(template, language, make()))
    assert_fits(page)
    styles = page.evaluate(STYLES)
    assert {weight for _, _, weight, _ in styles} == {"400", "700"}
    assert {numerals for *_, numerals in styles} == {"tabular-nums"}
    assert min(size for _, size, _, _ in styles) >= 12
    assert asked_for == []
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize(("language", "width"), SEEN)
@pytest.mark.parametrize("template", ["contract", "disclosure"])
def test_annualised_cost_is_the_largest_figure(
    page: Page, template: str, language: Language, width: int
) -> None:
    values = contract_values(prices=({"up_to_months": 480, "rate_ppm": 63_100},))
    show(page, width, papers().render(template, language, values))
    styles = page.evaluate(STYLES)
    largest = max(size for _, size, _, _ in styles)
    assert [text for text, size, _, _ in styles if size == largest] == ["6.31%"]
    second = max(size for _, size, _, _ in styles if size < largest)
    assert largest >= 1.4 * second
    assert page.locator(".s-annual").is_visible()


@pytest.mark.parametrize(("language", "width"), SEEN)
@pytest.mark.parametrize("template", ["contract", "disclosure"])
def test_cost_after_a_subsidy_is_smaller_than_both_before_it(
    page: Page, template: str, language: Language, width: int
) -> None:
    show(page, width, papers().render(template, language, television()))
    sizes = {
        name: page.evaluate(
            f"parseFloat(getComputedStyle(document.querySelector('{name}')).fontSize)"
        )
        for name in (".s-annual", ".s-effective", ".s-after dd")
    }
    assert sizes[".s-annual"] > sizes[".s-effective"] > sizes[".s-after dd"]
    assert page.locator(".s-annual").inner_text() == "3.60%"
    assert page.locator(".s-after .s-tag").is_visible()


@pytest.mark.parametrize("width", [320, 390, 640, 1440])
@pytest.mark.parametrize("language", LANGUAGES)
def test_long_schedule_of_large_amounts_fits(page: Page, language: Language, width: int) -> None:
    values = contract_values(**DEAR) | {"borrower": "A" * 80, "contract_id": "ct_" + "x" * 60}
    show(page, width, papers().render("contract", language, values))
    assert_fits(page)
    assert page.locator(".s-schedule tbody tr").count() == 60


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [dear, television, lease])
def test_larger_type_still_fits(
    page: Page, make: Callable[[], dict[str, Any]], language: Language
) -> None:
    show(page, 390, papers().render("contract", language, make()))
    page.evaluate("document.documentElement.style.setProperty('font-size', '32px')")
    assert page.evaluate("getComputedStyle(document.querySelector('.s-annual')).fontSize") == "68px"
    assert_fits(page)


def test_printing_keeps_the_whole_table(page: Page) -> None:
    show(page, 700, papers().render("contract", "zh", contract_values()))
    page.emulate_media(media="print")
    heads = page.locator(".s-schedule thead th")
    assert [heads.nth(i).is_visible() for i in range(6)] == [True] * 6
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_injected_markup_does_not_run(page: Page, asked_for: list[str]) -> None:
    html = papers().render("contract", "zh", contract_values())
    hostile = html.replace("</main>", "<script>document.title='run'</script><img src=x></main>")
    page.set_viewport_size({"width": 390, "height": 844})
    page.set_content(hostile)
    assert page.title() != "run"
    assert any("Content Security Policy" in said for said in asked_for)
