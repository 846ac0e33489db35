"""Globs over addresses: two wildcards, and nothing else is one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serverful.estate.globs import Names, is_match

ADDRESSES = [
    "aws_lambda_function.orders",
    "aws_lambda_function.orders[0]",
    "aws_lambda_function.orders[1]",
    'aws_lambda_function.orders["a"]',
    'module.shop["x.y"].aws_lambda_function.this[0]',
    "module.shop.module.inner.aws_lambda_function.this",
]


@pytest.mark.parametrize(
    ("glob", "numbers"),
    [
        ("*", "012345"),
        ("aws_lambda_function.orders", "0"),
        ("aws_lambda_function.orders*", "0123"),
        ("aws_lambda_function.orders[0]", "1"),
        ("aws_lambda_function.orders[?]", "12"),
        ("aws_lambda_function.orders[*]", "123"),
        ('aws_lambda_function.orders["a"]', "3"),
        ("aws_lambda_function.orders[01]", ""),
        ("AWS_lambda_function.orders", ""),
        ("module.*.aws_lambda_function.this", "5"),
        ("module.*", "45"),
        ("*.this*", "45"),
        ("*this", "5"),
        ("*[[]0]", ""),
        ("**orders**", "0123"),
        ("aws.lambda.function.orders", ""),
        ("", ""),
        ("?", ""),
    ],
)
def test_what_a_glob_matches(glob: str, numbers: str) -> None:
    expected = [ADDRESSES[int(number)] for number in numbers]
    assert [address for address in ADDRESSES if is_match(glob, address)] == expected
    assert sorted(Names(ADDRESSES).matching(glob)) == sorted(expected)


def test_a_line_break_is_a_character() -> None:
    assert is_match("a*b", "a\nb") and is_match("a?b", "a\nb") and not is_match("a", "a\n")


def test_many_stars_do_not_multiply() -> None:
    """Tried backwards from every star, this would not end."""
    assert not is_match("*a" * 400 + "b", "a" * 10_000)
    assert is_match("*a" * 400 + "*", "a" * 10_000)


def naive(glob: str, text: str) -> bool:
    return re.fullmatch("".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in glob), text, re.DOTALL) is not None


@settings(deadline=None, database=None)
@given(st.text("ab*?[.", max_size=8), st.lists(st.text("ab[.", max_size=8), max_size=8))
def test_it_is_what_the_wildcards_say(glob: str, names: list[str]) -> None:
    expected = {name for name in names if naive(glob, name)}
    assert {name for name in names if is_match(glob, name)} == expected
    assert set(Names(names).matching(glob)) == expected
    assert len(Names(names).matching(glob)) == len(expected)
