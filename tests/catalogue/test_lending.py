"""What lenders and merchants of a pack may not say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from pydantic import ValidationError

from sanshi.catalogue.catalogue import ALL_KINDS, catalogue_of
from sanshi.catalogue.packed import Packed
from sanshi.catalogue.packs import Library
from sanshi.catalogue.products import HouseLimits, Merchant
from sanshi.decision.policy import FILE_KINDS
from sanshi.kernel.errors import InputError
from sanshi.store.packs import load_packs, packs_root

Fields = dict[str, Any]
Change = Callable[[Fields], None]


@pytest.fixture(scope="module")
def library() -> Library:
    folders = [packs_root() / name for name in ("china", "shanghai", "demo")]
    return load_packs(folders, (*ALL_KINDS, *FILE_KINDS))


def with_change(library: Library, kind: str, name: str, change: Change) -> Library:
    """Return the library with one item of the demo pack changed."""

    def changed(item: Packed) -> Packed:
        fields = item.model_dump()
        if fields["id"] != name:
            return item
        change(fields)
        return type(item).model_validate(fields)

    packs = tuple(
        replace(pack, more={**pack.more, kind: tuple(map(changed, pack.more.get(kind, ())))})
        for pack in library.packs
    )
    return Library(packs)


def put(**values: Any) -> Change:  # noqa: ANN401 - fields of an item
    return lambda fields: fields.update(values)


def own_value(key: str) -> Change:
    return lambda fields: fields["house"]["values"].update({key: 800_000})


def attribute(name: str, value: object) -> Change:
    return lambda fields: fields["goods"][0]["attributes"].update({name: value})


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that a pack may not say, and what is said of it."""

    kind: str
    name: str
    change: Change
    code: str
    field: str


WRONG = (
    Wrong("lenders", "shenpu_bank", own_value("auto.ltv.used"), "not_left_to_lenders", "values"),
    Wrong("lenders", "shenpu_bank", own_value("auto.ltv.typo"), "not_left_to_lenders", "values"),
    Wrong("lenders", "shenpu_bank", put(lender_type="merchant"), "never_lends", "lender_type"),
    Wrong("lenders", "shenpu_bank", put(lender_type="leasing"), "kind_of_lender", "kind"),
    Wrong("products", "shenpu_car", put(kind="finance_lease"), "kind_of_lender", "kind"),
    Wrong("products", "shenzu_car_lease", put(kind="instalment_loan"), "kind_of_lender", "kind"),
    Wrong(
        "merchants", "pujiang_auto", attribute("energy", "diesel"), "attribute_value", "attributes"
    ),
    Wrong(
        "merchants", "pujiang_auto", attribute("vehicle_state", 1), "attribute_value", "attributes"
    ),
)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong.name}-{wrong.code}")
def test_what_a_pack_may_not_say_is_refused_by_name(library: Library, wrong: Wrong) -> None:
    with pytest.raises(InputError) as caught:
        catalogue_of(with_change(library, wrong.kind, wrong.name, wrong.change))
    assert caught.value.code == f"pack.{wrong.code}"
    assert caught.value.field is not None
    assert caught.value.field.endswith(wrong.field)
    assert caught.value.fix


def test_figures_left_to_lenders_and_free_attributes_are_taken(library: Library) -> None:
    more = with_change(library, "lenders", "shenzu_leasing", own_value("auto.ltv.private_nev"))
    assert catalogue_of(more).lenders["shenzu_leasing"].house.values
    other = with_change(library, "merchants", "pujiang_auto", attribute("seats", 5))
    assert catalogue_of(other).merchants["pujiang_auto"].goods[0].attributes["seats"] == 5


@pytest.mark.parametrize("value", [-1, 1_000_001, 0.8, "800000"])
def test_an_own_figure_is_a_share_in_millionths(value: object) -> None:
    limits = {
        "reading_seconds": 10,
        "quote_minutes": 30,
        "authorization_days": 7,
        "values": {"auto.ltv.private_ice": value},
    }
    with pytest.raises(ValidationError):
        HouseLimits.model_validate(limits)


def test_a_merchant_is_online_unless_it_says_that_it_is_a_branch(library: Library) -> None:
    merchants = catalogue_of(library).merchants
    assert (merchants["haitai"].channel, merchants["pujiang_auto"].channel) == ("online", "branch")
    with pytest.raises(ValidationError):
        Merchant.model_validate({**merchants["haitai"].model_dump(), "channel": "street"})
