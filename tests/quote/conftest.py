"""What the tests of the quote room share: the packs in use, read once."""

from __future__ import annotations

import pytest

from sanshi.catalogue.catalogue import Catalogue, catalogue_of
from sanshi.catalogue.packs import Library
from sanshi.store.packs import DEFAULT_PACKS, load_packs, packs_root


@pytest.fixture(scope="session")
def law() -> Library:
    """Return the law of the country and the city, with no lender in it."""
    return load_packs([packs_root() / name for name in DEFAULT_PACKS])


@pytest.fixture(scope="session")
def lawful(law: Library) -> Catalogue:
    """Return the catalogue of that law; purchases bring their lenders and products."""
    return catalogue_of(law)
