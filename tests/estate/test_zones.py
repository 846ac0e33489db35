"""Which zones are one, which are two, and when nobody can tell."""

from __future__ import annotations

import pytest

from estates_by_hand import known, place, unknown
from serverful.estate.value import Value
from serverful.estate.zones import Zone, is_same_zone

NAMES = "data.aws_availability_zones.available.names"


def zone(value: Value[str] | str, *, is_id: bool = False) -> Zone:
    return Zone(known(value) if isinstance(value, str) else value, is_id)


def decided_by(expression: str, at: str = "aws_subnet.a") -> Zone:
    return Zone(unknown(expression, place(at)))


def test_names_are_compared_with_names_and_ids_with_ids() -> None:
    assert is_same_zone(zone("eu-central-1a"), zone("eu-central-1a")) is True
    assert is_same_zone(zone("eu-central-1a"), zone("eu-central-1b")) is False
    assert is_same_zone(zone("euc1-az1", is_id=True), zone("euc1-az2", is_id=True)) is False
    assert is_same_zone(zone("eu-central-1a"), zone("euc1-az1", is_id=True)) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("var.zone", "var.zone", True),
        ("var.zones[0]", "var.zones[0]", True),
        ('var.zones["a"].name', 'var.zones["a"].name', True),
        ("aws_subnet.x.availability_zone", "aws_subnet.x.availability_zone", True),
        (f"{NAMES}[0]", f"{NAMES}[0]", True),
        (f"{NAMES}[0]", f"{NAMES}[1]", False),
        (f"module.net[0].{NAMES}[0]", f"module.net[0].{NAMES}[1]", False),
        (f"module.a.{NAMES}[0]", f"module.b.{NAMES}[1]", None),  # two lists, which may be ordered or filtered in their own ways
        (f"{NAMES}[0]", "data.aws_availability_zones.available.zone_ids[1]", None),
        ("${var.region}a", "${var.region}b", False),
        ("${var.region}a", "${var.region}a", True),
        ("${module.x.data.aws_region.r.region}a", "${module.x.data.aws_region.r.region}c", False),
        ("${var.region}a", "${var.other}b", None),
        ("${var.regions[count.index]}a", "${var.regions[count.index]}b", None),
        ("var.zones[0]", "var.zones[1]", None),  # a list may hold a zone twice
        ("var.zone", "var.other", None),
        ("var.zones[count.index]", "var.zones[count.index]", None),  # written alike, and another one each time
        ("each.value.zone", "each.value.zone", None),
        ("zone.name", "zone.name", None),
        (f"element({NAMES}, 2)", f"element({NAMES}, 2)", None),
        ('lookup(var.zones, "a")', 'lookup(var.zones, "a")', None),
        ("${data.aws_region.here.region}a", "${data.aws_region.here.region}c", False),
        ("${var.regions[count.index]}a", "${var.regions[count.index]}b", None),
        ("${var.region}a${var.suffix}", "${var.region}b${var.suffix}", None),
    ],
)
def test_expressions_are_compared_where_they_mean_one_thing(one: str, other: str, expected: bool | None) -> None:
    assert is_same_zone(decided_by(one), decided_by(other, "aws_subnet.b")) is expected


def test_a_variable_means_one_thing_in_one_module() -> None:
    assert is_same_zone(decided_by("var.zone", "module.a.aws_subnet.x[0]"), decided_by("var.zone", "module.a.aws_subnet.y")) is True
    assert is_same_zone(decided_by("var.zone", "module.a.aws_subnet.x"), decided_by("var.zone", "module.b.aws_subnet.x")) is None
    assert is_same_zone(decided_by("var.zone", 'module.a["x"].aws_subnet.x'), decided_by("var.zone", 'module.a["y"].aws_subnet.x')) is None
    assert (
        is_same_zone(decided_by("${var.region}a", "module.a.aws_subnet.x"), decided_by("${var.region}b", "module.b.aws_subnet.x")) is None
    )


def test_what_is_known_is_not_compared_with_what_is_not() -> None:
    assert is_same_zone(zone("eu-central-1a"), decided_by(f"{NAMES}[0]")) is None
