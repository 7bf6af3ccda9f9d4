"""A buyer's whole way in a real browser, as different people go it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from sanshi.jobs.outbox import deliver
from sanshi.kernel.reasons import Language
from web.consumer.buyer import Buyer, Town
from web.consumer.walking import Hand, Keys
from worlds import LIXIA, PLAN, XIAOMAN, staff


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody goes: language, room on the screen, and what they have."""

    language: Language
    width: int
    height: int
    scripts: bool = True
    keyboard: bool = False


WAYS = {
    "phone-zh": Way("zh", 390, 844),
    "phone-en": Way("en", 390, 844),
    "wide-zh": Way("zh", 1440, 900),
    "wide-en": Way("en", 1440, 900),
    "no-script": Way("zh", 390, 844, scripts=False),
    "keyboard": Way("en", 1440, 900, keyboard=True),
    # 200 % zoom halves the room.
    "zoom": Way("zh", 195, 422),
}
QUICK = {"phone-zh", "no-script"}


def ways() -> list[Any]:
    return [pytest.param(name, marks=() if name in QUICK else (pytest.mark.long,)) for name in WAYS]


@pytest.fixture
def hand(browser: Browser, town: Town, request: pytest.FixtureRequest) -> Iterator[Hand]:
    name: str = request.param
    way = WAYS[name]
    context = browser.new_context(
        base_url=town.url,
        viewport={"width": way.width, "height": way.height},
        java_script_enabled=way.scripts,
        locale="zh-CN" if way.language == "zh" else "en-GB",
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield (Keys if way.keyboard else Hand)(page, name, way.scripts)
    context.close()
    unexpected = ("sandboxed", "status of 4")  # a contract runs nothing; refusals are told
    assert [said for said in complaints if not any(one in said for one in unexpected)] == []


def signs_in(hand: Hand, town: Town, elements: dict[str, str]) -> None:
    page = hand.page
    hand.arrives("sign-in")
    hand.types(page.locator("#mobile"), elements["mobile"])
    hand.presses(page.locator("form.s-sheet button"))
    hand.arrives("code")
    code = Buyer(town.desk, None).code(elements["mobile"])  # type: ignore[arg-type] # reads texts
    hand.types(page.locator("#code"), code)
    hand.presses(page.locator("form.s-sheet button"))
    hand.arrives("who")
    if page.locator("#id_tail").count():
        hand.types(page.locator("#id_tail"), elements["id_number"][-6:])
    else:
        hand.types(page.locator("#full_name"), elements["full_name"])
        hand.types(page.locator("#id_number"), elements["id_number"])
    hand.presses(page.locator("form.s-sheet button"))


def declares(hand: Hand) -> None:
    page = hand.page
    hand.arrives("declare")
    hand.presses(page.locator("form.s-sheet button"))
    hand.arrives("declare-errors")
    for name, amount in (
        ("monthly_income", "15000"),
        ("monthly_debt_service", "1000"),
        ("total_debt", "10000"),
    ):
        hand.types(page.locator(f"#{name}"), amount)
    hand.presses(page.locator("input[name=student][value=no]"))
    hand.presses(page.locator("form.s-sheet button"))


def chooses(hand: Hand) -> None:
    page = hand.page
    hand.arrives("plans")
    assert page.locator("input[type=radio]:checked").count() == 0
    plan = page.locator(f"input[type=radio][value='{PLAN}']")
    if not plan.is_visible():
        hand.presses(page.locator("summary", has=page.locator("xpath=..")).first)
    hand.presses(plan)
    if hand.scripts:
        page.locator("#bar form").wait_for()
        page.wait_for_url(lambda url: "plan=" in url)  # pushed a moment after the page is swapped
    else:
        hand.presses(page.locator("#bar button"))
    hand.arrives("plan-chosen")
    hand.presses(page.locator("#bar button"))


def agrees(hand: Hand) -> None:
    page = hand.page
    hand.arrives("consents")
    assert page.locator("input[type=checkbox]:checked").count() == 0
    hand.types(page.locator("#job_months"), "60")
    hand.presses(page.locator("main button.s-cta"))
    hand.arrives("consents-errors")
    for box in page.locator("input[type=checkbox]").all():
        hand.presses(box)
    hand.presses(page.locator("main button.s-cta"))


def signs(hand: Hand, town: Town) -> None:
    page = hand.page
    hand.arrives("approved")
    hand.presses(page.locator("main button.s-cta"))
    hand.arrives("contract")
    assert page.frame_locator("iframe").locator("body").inner_text().strip()
    hand.presses(page.locator("#confirmed"))
    hand.presses(page.locator("main button.s-cta"))
    hand.arrives("contract-too-soon")
    town.desk.time.move(seconds=10)
    if not page.locator("#confirmed").is_checked():
        hand.presses(page.locator("#confirmed"))
    hand.presses(page.locator("main button.s-cta"))
    hand.arrives("signed")


def pays(hand: Hand, town: Town) -> None:
    page = hand.page
    loan_id = page.url.rpartition("/")[2]
    town.desk.do("order_disbursement", staff("servicing"), loan_id=loan_id)
    deliver(town.desk.world)
    page.goto("/loans")
    hand.arrives("loans")
    hand.presses(page.locator("a.s-cover").first)
    hand.arrives("loan")
    hand.presses(page.locator("form:has(input[value=settle]) button"))
    hand.arrives("paying")
    deliver(town.desk.world)
    page.goto(f"/loans/{loan_id}")
    hand.arrives("settled")


@pytest.mark.parametrize("hand", ways(), indirect=True)
@pytest.mark.timeout(240)
def test_a_purchase_from_the_shop_to_the_last_fen(hand: Hand, town: Town) -> None:
    page = hand.page
    page.goto(town.session(language=WAYS[hand.name].language))
    hand.arrives("arrived")
    hand.presses(page.locator("a.s-second"))
    signs_in(hand, town, XIAOMAN)
    declares(hand)
    chooses(hand)
    agrees(hand)
    signs(hand, town)
    pays(hand, town)
    for path in ("mine", "complaints", "fees", "nowhere"):
        page.goto(f"/{path}")
        hand.arrives(path)
    page.goto("/mine")
    hand.presses(page.locator("form.s-out button"))
    hand.arrives("signed-out")
    expected = "zh-CN" if WAYS[hand.name].language == "zh" else "en"
    assert page.locator("html").get_attribute("lang") == expected


@pytest.mark.long
@pytest.mark.parametrize("hand", ["phone-zh", "wide-en"], indirect=True)
@pytest.mark.timeout(240)
def test_somebody_who_is_declined_is_told_why_and_what_else(hand: Hand, town: Town) -> None:
    page: Page = hand.page
    link = town.session(language=WAYS[hand.name].language)
    page.goto(f"{link}/plans")
    signs_in(hand, town, LIXIA)
    declares(hand)
    chooses(hand)
    agrees(hand)
    hand.arrives("declined")
    assert page.locator(".s-reasons li").count() >= 1
    page.goto(link)
    hand.presses(page.locator("form button").first)
    hand.arrives("cash")
    page.goto("/loans")
    hand.arrives("no-loans")
