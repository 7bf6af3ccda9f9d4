"""Pages in a real browser: for every reader, at every width, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from sanshi.documents.words import exact_percent
from sanshi.kernel.reasons import Language
from web.consumer.answers import FRIDGE_3, Answers
from web.consumer.cases import CASES, html
from web.consumer.looking import (
    AXE,
    FOCUS,
    OVERLAPPING,
    REACHABLE,
    SIDEWAYS,
    SMALL_TARGETS,
    STYLES,
)
from web.consumer.serving import Site, serving

WHOLE = ("checkout_plan", "checkout_bundle", "consents", "contract")
WALKED = ("checkout_none", "checkout_plan", "declare_errors", "consents", "contract", "loan_due")
LANGUAGES: tuple[Language, Language] = ("zh", "en")
ALL_CASES = [(case, language) for case in CASES for language in LANGUAGES]
FIRST_OF_EACH: list[tuple[str, Language]] = [
    ("checkout_over", "zh"),
    ("checkout_withheld", "en"),
    ("declare_errors", "zh"),
    ("consents_errors", "en"),
    ("declined", "zh"),
    ("refused", "en"),
    ("contract_branch_signed", "zh"),
    ("loans", "en"),
    ("loan_overdue", "zh"),
    ("loan_prepaying", "en"),
    ("sign_in_wrong_code", "zh"),
    ("problem_expired", "en"),
    ("arrived_firm", "zh"),
    ("who_new_error", "en"),
    ("asking_error", "zh"),
    ("mine", "en"),
    ("town", "zh"),
]
"""One state of every page; the long run tries all states in both languages."""
DIFFERENT: list[tuple[str, Language]] = [
    *FIRST_OF_EACH,
    *(
        (case, "en")
        for case in ("checkout_plan", "checkout_mixed", "checkout_cash", "declare_errors")
    ),
    *((case, "en") for case in ("consents_held", "approved", "contract_error", "loan_returned")),
    *((case, "en") for case in ("loan_overdue", "loan_unknown", "sign_in_code", "problem_outage")),
]
"""States that look different, English where it is longer; the long run tries all."""


MOST_BYTES, MOST_REQUESTS = 100_000, 6


@pytest.fixture(scope="module")
def site(answers: Answers) -> Iterator[Site]:
    with serving() as opened:
        for case in ("online", "branch"):
            offered, served = answers[f"{case}_offered"], answers[f"{case}_served"]
            opened.texts[f"/contracts/{offered['contract_id']}/text"] = served["html"]
        yield opened


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    opened.close()
    # An empty sandbox lets no script run in a contract: axe's own is turned away there.
    assert [said for said in complaints if "sandboxed" not in said] == []


def show(page: Page, site: Site, text: str, width: int = 390, height: int = 844) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(site.show("/page", text))


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


def at_every_size(page: Page) -> Iterator[str]:
    """Try the open page on a phone, with larger type, at 200 % zoom and on a wide screen."""
    # 200 % zoom halves the room: a phone of 390 by 844 has 195 by 422 left.
    for name, width, height in (
        ("phone", 390, 844),
        ("care", 390, 844),
        ("zoom", 195, 422),
        ("wide", 1440, 900),
    ):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(
            f"document.documentElement.className = '{'s-care' if name == 'care' else ''}'"
        )
        yield name


def assert_accessible(page: Page) -> None:
    results = Axe().run(page, options=AXE)
    assert results.violations_count == 0, results.generate_report()


def sorted_out(quick: Iterable[tuple[str, Language]]) -> Iterator[Any]:
    """Give every page in both languages; those that are not quick are left to the long tests."""
    now = set(quick)
    for case in ALL_CASES:
        marks = () if case in now else (pytest.mark.long,)
        yield pytest.param(case, id="-".join(case), marks=marks)


@pytest.mark.parametrize("case", list(sorted_out(DIFFERENT)))
def test_page_fits_at_every_size(
    page: Page, site: Site, answers: Answers, case: tuple[str, Language]
) -> None:
    name, language = case
    show(page, site, html(name, answers, language))
    unfold(page)
    assert page.evaluate(SMALL_TARGETS) == []
    styles = page.evaluate(STYLES)
    assert {weight for _, _, weight in styles} <= {"400", "700"}
    assert min(size for _, size, _ in styles) >= 12
    for size in at_every_size(page):
        assert page.evaluate(SIDEWAYS) == [], size
        assert page.evaluate(OVERLAPPING) == [], size
    assert page.locator("main").bounding_box()["width"] <= 480  # type: ignore[index] # it is shown


@pytest.mark.parametrize("case", list(sorted_out(FIRST_OF_EACH)))
def test_page_is_readable_by_everyone(
    page: Page, site: Site, answers: Answers, case: tuple[str, Language]
) -> None:
    name, language = case
    show(page, site, html(name, answers, language))
    unfold(page)
    assert_accessible(page)


@pytest.mark.parametrize("case", ["loan_overdue"])
def test_wide_page_with_larger_type_is_readable_by_everyone(
    page: Page, site: Site, answers: Answers, case: str
) -> None:
    show(page, site, html(case, answers, "zh", care=True), 1440, 900)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    assert_accessible(page)


@pytest.mark.parametrize("case", WHOLE)
def test_annualised_cost_is_the_largest_figure(
    page: Page, site: Site, answers: Answers, case: str
) -> None:
    show(page, site, html(case, answers, "zh"))
    for size in at_every_size(page):
        styles = page.evaluate(STYLES)
        largest = max(px for _, px, _ in styles)
        rates = set(page.locator(".s-annual").all_inner_texts())
        assert {text for text, px, _ in styles if px == largest} == rates, size
        second = max(px for _, px, _ in styles if px < largest)
        assert largest >= 1.4 * second, size


@pytest.mark.parametrize("case", ["checkout_bundle", "checkout_many", "loan_overdue"])
def test_first_load_is_light(page: Page, site: Site, answers: Answers, case: str) -> None:
    show(page, site, html(case, answers, "zh"))
    page.wait_for_load_state("networkidle")
    assert 1 < len(site.asked_for) <= MOST_REQUESTS
    assert 0 < site.bytes_sent <= MOST_BYTES


@pytest.mark.parametrize("case", WALKED)
def test_keyboard_reaches_everything(page: Page, site: Site, answers: Answers, case: str) -> None:
    show(page, site, html(case, answers, "zh"))
    wanted = page.evaluate(REACHABLE)
    reached: dict[str, str] = {}
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:  # at the end, or passing over a contract's frame, which is a process
            page.wait_for_timeout(100)
            focus = page.evaluate(FOCUS)
        if focus is None:
            break
        assert focus["ring"], focus["what"]
        assert focus["shown"], focus["what"]
        reached[focus["id"]] = focus["what"]
    assert len(reached) == wanted


def test_error_summary_leads_to_the_fields(page: Page, site: Site, answers: Answers) -> None:
    show(page, site, html("declare_errors", answers, "en"))
    links = page.locator(".s-errors a")
    assert links.count() == 5
    for number in range(links.count()):
        target = str(links.nth(number).get_attribute("href"))
        assert page.locator(target).count() == 1
    assert page.locator("#monthly_income").get_attribute("aria-invalid") == "true"


def test_plan_is_chosen_without_scripts(browser: Browser, site: Site, answers: Answers) -> None:
    quote_id = answers["quote_fridge"]["quote_id"]
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(site.show(f"/quotes/{quote_id}", html("checkout_none", answers, "zh")))
    page.locator(f'input[type=radio][value="{FRIDGE_3}"]').check()
    page.locator("main button.s-second").click()
    assert page.url == f"{site.url}/quotes/{quote_id}?plan={FRIDGE_3}#cost"
    plain.close()


def test_choosing_a_plan_shows_its_cost_in_place(page: Page, site: Site, answers: Answers) -> None:
    quote_id = answers["quote_poor"]["quote_id"]
    before = html("checkout_none", answers, "zh").replace(
        str(answers["quote_fridge"]["quote_id"]), str(quote_id)
    )
    site.pages[f"/quotes/{quote_id}?plan={FRIDGE_3}"] = html("checkout_over", answers, "zh")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site.show(f"/quotes/{quote_id}", before))
    assert page.locator(".s-annual").count() == 0
    page.locator(f'input[type=radio][value="{FRIDGE_3}"]').check()
    page.wait_for_selector(".s-annual")
    plans = answers["quote_poor"]["plans"]
    plan = next(plan for plan in plans if plan["key"] == FRIDGE_3)
    rate = exact_percent(plan["disclosure"]["cn_irr_nominal_ppm"])
    assert page.locator(".s-annual").inner_text() == rate
    assert page.locator("#bar button").inner_text() == "下一步"
    assert page.locator("#bar").count() == page.locator("#cost").count() == 1
    assert page.url.endswith(f"?plan={FRIDGE_3}")


def test_contract_is_shown_but_runs_nothing(page: Page, site: Site, answers: Answers) -> None:
    show(page, site, html("contract", answers, "zh"))
    frame = page.locator("iframe")
    assert frame.get_attribute("sandbox") == ""
    inside = page.frame_locator("iframe").locator("h1")
    assert "合同" in inside.inner_text()
