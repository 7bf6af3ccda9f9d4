from __future__ import annotations

import pytest

from sanshi.catalogue.packs import Library
from sanshi.catalogue.rulebook import Rulebook
from sanshi.store.packs import DEFAULT_PACKS, load_packs, packs_root


@pytest.fixture(scope="session")
def library() -> Library:
    return load_packs([packs_root() / name for name in DEFAULT_PACKS])


@pytest.fixture(scope="session")
def rulebook(library: Library) -> Rulebook:
    return Rulebook(library)
