"""Names in a sentence: all of them while they are few, then how many are left. And what is too long, within its room."""

from __future__ import annotations

import pytest

from serverful.wording import cut, elided, shortened


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


@pytest.mark.parametrize(("longest", "text"), [(9, "module.it"), (8, "mod…e.it"), (7, "mod….it")])
def test_a_name_keeps_both_its_ends(longest: int, text: str) -> None:
    assert elided("module.it", longest) == text


def test_a_text_keeps_its_beginning() -> None:
    assert [cut("module.it", longest) for longest in (9, 8)] == ["module.it", "module.…"]
