"""Are two availability zones the same one? With a third answer: nobody can tell.

Names belong to an account, ids to AWS (Amazon EC2 User Guide, "Availability Zone IDs"), so a name and an id cannot be compared. What is
decided outside is compared by how it is written, where that means one and the same thing: `var.zone` in one module, the same position in
one list of zones, `"${var.region}a"` and `"${var.region}b"`. Two positions in `names` of `data.aws_availability_zones` are two zones:
Terraform refuses a position that is not there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from serverful.estate.naming import module_of
from serverful.estate.value import Known, Unknown, Value

# A reference that means the same wherever it stands: no function, no `count.index`, no `each.key`, no name of a loop's.
_REFERENCE = re.compile(r"(?P<head>var|data|module|aws_\w+)(?:\.[\w\-]+|\[(?:\d+|\"[^\"]*\")\])+")
_ONE_OF_ALL = re.compile(r"(?P<list>(?:module\.\S+\.)?data\.aws_availability_zones\.\S+\.(?:names|zone_ids))\[(?P<at>\d+)\]")
_OF_REGION = re.compile(r"\$\{(?P<region>[^{}]+)\}(?P<letter>[a-z])")


@dataclass(frozen=True, slots=True)
class Zone:
    """A subnet's zone: its name, or its id; or the name of what decides it."""

    value: Value[str]
    is_id: bool = False

    @property
    def name(self) -> str:
        """For messages: `eu-central-1a`, `var.zone`."""
        return self.value.value if isinstance(self.value, Known) else self.value.expression


def is_same_zone(one: Zone, other: Zone) -> bool | None:
    """True, False, or None where it cannot be told."""
    if isinstance(one.value, Known) and isinstance(other.value, Known):
        return one.value.value.strip() == other.value.value.strip() if one.is_id == other.is_id else None
    if isinstance(one.value, Known) or isinstance(other.value, Known):
        return None
    here, there = _OF_REGION.fullmatch(one.value.expression), _OF_REGION.fullmatch(other.value.expression)
    if here and there and here["region"] == there["region"]:
        regions = (replace(one.value, expression=here["region"]), replace(other.value, expression=there["region"]))
        return here["letter"] == there["letter"] if _means_one_thing(*regions) else None
    if one.value.expression == other.value.expression:
        return True if _means_one_thing(one.value, other.value) else None
    first, second = _ONE_OF_ALL.fullmatch(one.value.expression), _ONE_OF_ALL.fullmatch(other.value.expression)
    if first and second and first["list"] == second["list"]:
        return False  # of one list, at two positions
    return None


def _means_one_thing(one: Unknown, other: Unknown) -> bool:
    reference = _REFERENCE.fullmatch(one.expression)
    if reference is None:
        return False
    return reference["head"] != "var" or module_of(one.place.address) == module_of(other.place.address)
