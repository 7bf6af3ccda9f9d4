"""The packs in use, read once."""

from __future__ import annotations

import pytest

from sanshi.catalogue.catalogue import Catalogue
from sanshi.wiring import read_content


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return read_content().catalogue
