"""Division over columns is exact at its edges."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sanshi.kernel.columns import MOST_DIVIDED, divided, inverses

DENOMINATORS = st.integers(1, 12 * 377_580 * 10**6)


@given(st.data())
def test_divided_is_the_floor(data: st.DataObject) -> None:
    denominator = data.draw(DENOMINATORS)
    most = min(MOST_DIVIDED, ((1 << 63) - 1) // denominator)
    quotient = data.draw(st.integers(0, most - 1))
    edges = [quotient * denominator + rest for rest in {0, 1, denominator // 2, denominator - 1}]
    numerators = np.array([one for one in edges if one < 1 << 63], np.int64)
    denominators = np.full(len(numerators), denominator)
    found = divided(numerators, denominators, inverses(denominators))
    assert found.tolist() == [int(one) // denominator for one in numerators]
