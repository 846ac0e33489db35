"""What says of an address that it is for functions, or that others admit it: names, tags, outputs of the root."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Address, AddressAssociation, NatGateway, Output, Thing
from serverful.estate.place import Place
from serverful.estate.value import Known
from serverful.evidence.evidence import Evidence
from serverful.evidence.reasons import faults_about_address, for_fixed_address, reasons_of
from serverful.evidence.words import speaks_of_allow_list, speaks_of_functions, word_set

# Tags that say what a thing is for. Others say whose it is or where it comes from: `Project = "lambda-shop"` says nothing of an address.
_PURPOSE = word_set("Name name Purpose purpose Description description Usage usage Use use Role role Comment comment Note note")


@dataclass(frozen=True, slots=True)
class Publication:
    """One thing that is said of an address. `is_for_functions` and `is_for_others` tell what it says."""

    evidence: Evidence
    is_for_functions: bool
    is_for_others: bool


def publications(thing: Thing, estate: Estate) -> tuple[Publication, ...]:
    """What the name, the tags, the recorded reasons and the outputs of the root say of an address or of the gateway that holds it."""
    told = [_publication(text, says, place) for text, says, place in _own_words(thing, estate)]
    told += [_output(output) for output in _outputs(estate).get(thing.address, ())]
    told += [_recorded(key, place) for key, place in _recorded_reasons(thing, estate)]
    return tuple(one for one in told if one.is_for_functions or one.is_for_others)


def _own_words(thing: Thing, estate: Estate) -> Iterator[tuple[str, str, Place]]:
    # A key of `for_each` is a name as well: `aws_eip.this["lambda_egress"]`.
    label = thing.address.rpartition(f"{thing.type}.")[2]
    yield label, f"named {label}", thing.place
    for key, value in thing.tags.known.items():
        if key in _PURPOSE and isinstance(value, Known) and (key, value.value) not in _common_tags(estate):
            yield value.value, f'tag {key} = "{value.value}"', value.place


@once_per_estate
def _common_tags(estate: Estate) -> frozenset[tuple[str, str]]:
    """The tags that things of other kinds carry as well: `local.common_tags` speaks of the project, not of an address."""
    return frozenset(
        (key, value.value)
        for thing in estate
        if not isinstance(thing, Address | AddressAssociation | NatGateway)
        for key, value in thing.tags.known.items()
        if isinstance(value, Known)
    )


def _publication(text: str, says: str, place: Place) -> Publication:
    return Publication(Evidence(says, place), speaks_of_functions(text), speaks_of_allow_list(text))


def _recorded_reasons(thing: Thing, estate: Estate) -> Iterator[tuple[str, Place]]:
    """Whoever records a reason for a fixed address, well or badly, says that it is one for functions."""
    reasons = reasons_of(thing, estate)
    said = for_fixed_address(reasons)
    if said is not None:
        yield said.key, said.place
    yield from ((fault.key, fault.place) for fault in faults_about_address(reasons))


def _recorded(key: str, place: Place) -> Publication:
    return Publication(Evidence(f"recorded reason serverful:{key}", place), is_for_functions=True, is_for_others=True)


def _output(output: Output) -> Publication:
    text = f"{output.name} {output.description}"
    described = f': "{output.description}"' if output.description else ""
    says = f"output {output.name} publishes it{described}"
    return Publication(Evidence(says, output.place), speaks_of_functions(text), speaks_of_allow_list(text))


@once_per_estate
def _outputs(estate: Estate) -> dict[str, list[Output]]:
    found: dict[str, list[Output]] = {}
    for output in estate.outputs:
        for target in dict.fromkeys(link.target for link in output.links if link.target):
            found.setdefault(target, []).append(output)
    return found
