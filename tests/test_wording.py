"""Names in a sentence: all of them while they are few, then how many are left."""

from __future__ import annotations

import pytest

from serverful.wording import shortened


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and 1 more"),
        (["a", "b", "c", "d"], "a, b and 2 more"),
    ],
)
def test_names_are_shortened_to_the_first_and_a_number(names: list[str], text: str) -> None:
    assert shortened(names, 2) == text
