"""The packs in use, read once."""

from __future__ import annotations

import pytest

from desks import packs
from sanshi.catalogue.catalogue import Catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return packs().catalogue
