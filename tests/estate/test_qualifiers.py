"""Whether a call is served by what is kept ready: which names of versions are the same, which are not, which may be."""

from __future__ import annotations

import pytest

from estates_by_hand import HERE, alias, estate, function, on, unknown
from serverful.estate.model import Callee, Qualified
from serverful.estate.qualifiers import alias_of, meets, named, standing
from serverful.estate.value import Unknown

A = "aws_lambda_function.a"
LIVE, BLUE, GREEN, TWIN, OPEN = (
    alias("aws_lambda_alias.live", A),
    alias("aws_lambda_alias.blue", A, version="3"),
    alias("aws_lambda_alias.green", A, version="4"),
    alias("aws_lambda_alias.twin", A, version="3"),
    alias("aws_lambda_alias.open", A, version=unknown("var.version")),
)
HOUSE = estate(function(A), LIVE, BLUE, GREEN, TWIN, OPEN)
LATEST, SOMETHING = on(f"{A}.arn"), on(f"{A}.arn", qualified=Qualified.UNKNOWN)


def to(name: str) -> Callee:
    """An alias by its name, a version by its number, the published version by ""."""
    return on(f"{A}.arn", name)


@pytest.mark.parametrize(
    ("caller", "kept"),
    [
        (to("live"), to("live")),
        (on(f"{A}.arn", "live", alias="aws_lambda_alias.live"), to("live")),  # by reference, and by name
        (to("elsewhere"), to("elsewhere")),
        (to("3"), to("3")),
        (to("live"), to("")),
        (to("3"), to("blue")),
    ],
)
def test_the_same(caller: Callee, kept: Callee) -> None:
    assert meets(caller, kept, HERE, HOUSE) is True
    assert meets(kept, caller, HERE, HOUSE) is True


@pytest.mark.parametrize(
    ("caller", "kept"), [(LATEST, to("live")), (LATEST, to("3")), (LATEST, SOMETHING), (to("blue"), to("green")), (to("3"), to("4"))]
)
def test_certainly_not(caller: Callee, kept: Callee) -> None:
    assert meets(caller, kept, HERE, HOUSE) is False


@pytest.mark.parametrize(
    ("caller", "kept", "name"),
    [
        (SOMETHING, to("live"), f"{A}.arn"),
        (to("live"), SOMETHING, f"{A}.arn"),
        (to("live"), LATEST, "which version it will be"),
        (to("open"), to("blue"), "var.version"),
        (to("elsewhere"), to("blue"), "the version behind alias elsewhere and alias blue"),
        (to("twin"), to("blue"), "whether alias twin and alias blue share a version"),
        (to("3"), to("live"), "the number of the version behind version 3 and alias live"),
    ],
)
def test_perhaps(caller: Callee, kept: Callee, name: str) -> None:
    found = meets(caller, kept, HERE, HOUSE)
    assert isinstance(found, Unknown) and found.expression == name


def test_an_alias_is_found_by_address_and_by_name() -> None:
    assert alias_of(on(f"{A}.arn", "x", alias="aws_lambda_alias.blue"), HOUSE) is BLUE
    assert alias_of(to("blue"), HOUSE) is BLUE
    assert alias_of(on("aws_lambda_function.b.arn", "blue"), HOUSE) is None
    assert alias_of(to("3"), HOUSE) is None


def test_what_aws_refuses_is_said_where_something_is_to_be_kept_ready() -> None:
    assert standing(LATEST) == "$LATEST (which AWS refuses: it takes an alias or a published version)"
    assert standing(to("live")) == named(to("live"))


def test_names() -> None:
    assert [named(callee) for callee in (LATEST, to("live"), to("7"), to(""))] == [
        "the function without a qualifier",
        "alias live",
        "version 7",
        "the published version",
    ]
    assert named(SOMETHING) == f"a qualifier decided elsewhere ({A}.arn)"
