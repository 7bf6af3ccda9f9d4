"""What the environment may say, and what is refused by name."""

from __future__ import annotations

import pytest

from sanshi.kernel.errors import InputError
from sanshi.settings import LOANS_PER_SHARD, read_settings


def test_the_number_of_loans_in_a_shard() -> None:
    assert read_settings({}).loans_per_shard == LOANS_PER_SHARD
    assert read_settings({"SANSHI_LOANS_PER_SHARD": "500"}).loans_per_shard == 500


@pytest.mark.parametrize("given", ["", "0", "-1", "1.5", "many", "٣"])
def test_a_number_that_is_none_is_refused_by_name(given: str) -> None:
    with pytest.raises(InputError) as refused:
        read_settings({"SANSHI_LOANS_PER_SHARD": given})
    assert refused.value.field == "SANSHI_LOANS_PER_SHARD"
