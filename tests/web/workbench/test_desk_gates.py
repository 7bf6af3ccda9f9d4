"""Doors: every route says which roles may take it, and keeps everybody else out."""

from __future__ import annotations

import html
import re

import pytest
from fastapi.routing import APIRoute

from routes import walk
from sanshi.web.workbench.desk import Door, FormDoor, MemberDoor, OpenDoor
from web.workbench.lived import ROLES
from web.workbench.serving import House

OPEN = {("GET", "/sign-in"), ("POST", "/sign-in")}
"""What anybody may ask for without having signed in."""
MEMBERS = {
    ("POST", "/sign-out"),
    *((m, p) for m in ("GET", "POST") for p in ("/password", "/role")),
}
"""What is open to everybody who has signed in, before they have a seat."""
LEAST_ROUTES = 50


def doors(route: APIRoute) -> list[Door]:
    calls = [dependency.call for dependency in route.dependant.dependencies]
    forms = [call.door for call in calls if isinstance(call, FormDoor)]
    return [*forms, *(call for call in calls if isinstance(call, Door))]


def all_routes(house: House) -> list[tuple[str, str, APIRoute]]:
    found = [
        (method, route.path, route)
        for route in walk(house.app.routes)
        for method in sorted(route.methods or ())
    ]
    assert len(found) >= LEAST_ROUTES
    return found


def address(house: House, path: str) -> str:
    ids = house.lived.ids
    return path.format(
        application_id=ids["declined"],
        loan_id=ids["overdue"],
        contract_id=ids["contract"],
        person_id=ids["person"],
        case_id=ids["case"],
        claim_id=ids["claim"],
        proposal_id=ids["proposal"],
        settlement_id=ids["settlement"],
        account_id=ids["account"],
        key_id=ids["key"],
        day="2026-12-06",
        shard=0,
    )


def test_every_route_has_one_door_that_names_its_roles(house: House) -> None:
    for method, path, route in all_routes(house):
        (door,) = doors(route)
        if (method, path) in OPEN:
            assert isinstance(door, OpenDoor)
        elif (method, path) in MEMBERS:
            assert isinstance(door, MemberDoor)
        else:
            assert type(door) is Door, path
            assert door.roles, path
            assert door.roles <= set(ROLES), path


def test_every_form_has_a_door_for_forms(house: House) -> None:
    for method, path, route in all_routes(house):
        calls = [dependency.call for dependency in route.dependant.dependencies]
        is_form = any(isinstance(call, FormDoor) for call in calls)
        assert is_form == (method == "POST"), path
        assert method in {"GET", "POST"}


@pytest.mark.parametrize("role", ROLES)
def test_a_route_lets_in_its_roles_and_nobody_else(house: House, role: str) -> None:
    client = house.browser(role)
    checked = 0
    for method, path, route in all_routes(house):
        if (method, path) in OPEN | MEMBERS:
            continue
        (door,) = doors(route)
        # Without its proof a form changes nothing: whoever may send it hears of that alone.
        answer = client.request(
            method, address(house, path), data={"x": "y"} if method == "POST" else None
        )
        allowed = role in door.roles
        assert (answer.status_code == 403) == (not allowed), (method, path)
        assert answer.status_code == (403 if not allowed else 409 if method == "POST" else 200)
        checked += 1
    assert checked >= LEAST_ROUTES - 10


def test_nobody_comes_in_without_a_login(house: House) -> None:
    client = house.browser(None)
    for method, path, _ in all_routes(house):
        if (method, path) in OPEN:
            continue
        answer = client.request(
            method, address(house, path), data={"x": "y"} if method == "POST" else None
        )
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in")


def test_a_login_without_a_seat_leads_to_one(house: House) -> None:
    for who, wanted in (("new", "/password"), ("many", "/role")):
        client = house.browser(who)
        for method, path, _ in all_routes(house):
            if method == "GET" and (method, path) not in OPEN | MEMBERS:
                answer = client.get(address(house, path))
                assert answer.status_code == 303, path
                assert answer.headers["location"].startswith(wanted)


def test_another_institutions_things_do_not_exist(house: House) -> None:
    client = house.browser("stranger")
    checked = 0
    for method, path, route in all_routes(house):
        (door,) = doors(route)
        if "{" not in path or "servicing" not in door.roles:
            continue
        fields = {"csrf": house.csrf(), "reason": "quite curious", "finding": "quite curious"}
        data = fields if method == "POST" else None
        answer = client.request(method, address(house, path), data=data)
        assert answer.status_code == 404, (method, path)
        checked += 1
    assert checked >= 10


@pytest.mark.parametrize("proof", ["", "x", "0.0", "0" * 16 + "." + "0" * 64])
def test_a_form_without_its_proof_changes_nothing(house: House, proof: str) -> None:
    client = house.browser("conduct")
    path = f"/proposals/{house.lived.ids['proposal']}/approve"
    answer = client.post(path, data={"csrf": proof, "reason": "I looked."})
    assert answer.status_code == 409
    assert "page.stale" in answer.text
    assert house.office.world.store.standing(house.lived.ids["proposal"])[1] == "open"


def test_a_form_from_another_site_or_device_changes_nothing(house: House) -> None:
    path = f"/proposals/{house.lived.ids['proposal']}/approve"
    data = {"csrf": house.csrf(), "reason": "I looked."}
    client = house.browser("conduct")
    elsewhere = client.post(path, data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 409
    other = house.browser("conduct")
    other.cookies.delete(house.office.jar.name("device"))
    assert other.post(path, data=data).status_code == 409
    assert client.post(path, json=data).status_code == 415
    assert house.office.world.store.standing(house.lived.ids["proposal"])[1] == "open"


def test_every_answer_carries_the_headers_of_the_shield(house: House) -> None:
    client = house.browser("servicing")
    for path in ("/", "/loans", "/nowhere", "/static/workbench.css"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
    assert client.get("/loans").headers["cache-control"] == "no-store"


def test_pages_hold_no_inline_script_and_no_inline_style(house: House) -> None:
    client = house.browser("servicing")
    ids = house.lived.ids
    for path in ("/", "/loans", f"/loans/{ids['overdue']}", "/close"):
        text = client.get(path).text
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text
        assert text.count("<script") == text.count('<script src="/static/vendor/')


@pytest.mark.parametrize("role", ROLES)
def test_no_link_leads_to_a_closed_door(house: House, role: str) -> None:
    client, seen, todo = house.browser(role), set[str](), ["/"]
    while todo:
        path = todo.pop()
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, path
        if not answer.headers["content-type"].startswith("text/html") or "/text" in path:
            continue
        for link in re.findall(r'href="(/[^"#]*)"', answer.text):
            address = html.unescape(link)
            one_of_many = address.partition("?")[0]
            if "lang=" in address or address.startswith("/static"):
                continue
            if not any(one_of_many == known.partition("?")[0] for known in {*seen, *todo}):
                todo.append(address)
    assert len(seen) >= 5
