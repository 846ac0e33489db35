"""Whose code comes into a function by its layers, and whether it can change without a change in Terraform: the verdict of SLS_EXT_2.

Decisions:
- The accounts of the reference data's publishers are allowed, and so are those of the settings (`layer_publishers`). Publishers have other
  accounts in other regions and partitions, so a layer with the name of a known one is not held against its account either.
- A function's own account is told by its role's ARN, where that is written out, and by data.aws_caller_identity. Where it is not told, an
  account that nobody knows may be one's own: that is left open. A stranger's whom everybody knows is none's own.
- The latest version of a layer, whoever asks for it, is another one tomorrow. A version that is decided elsewhere is a version.
- What is built in this root is one's own, also where a registry module builds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.model import Function, LayerQuery, LayerVersion, Link
from serverful.estate.place import Place
from serverful.estate.value import Known, Unknown
from serverful.evidence.evidence import Evidence
from serverful.evidence.layers import account_in, layer_named, name_in
from serverful.evidence.publishers import publisher_of
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided
from serverful.wording import joined

_ROLE = re.compile(r"arn:[\w-]+:iam::(\d{12}):role/.+")
_OWN = "data.aws_caller_identity."


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong with one layer, and what would be better."""

    says: str
    seen: Evidence
    instead: str


_Told = _Fault | Evidence | Unknown


def whose_layers(function: Function, estate: Estate) -> Verdict:
    """Not ours without layers; failed (contradicted) where one is a stranger's or the latest; undecided where nobody can tell of one."""
    package = function.package_type
    if (isinstance(package, Known) and package.value == "Image") or function.layers.is_empty:
        return not_ours("the function has no layers")
    told = list(_told(function, estate))
    faults = [one for one in told if isinstance(one, _Fault)]
    if faults:
        return failed(
            " ".join(dict.fromkeys(fault.says for fault in faults)),
            *(fault.seen for fault in faults),
            kind=Kind.CONTRADICTED,
            instead=" ".join(dict.fromkeys(fault.instead for fault in faults)),
            argument="layers",
        )
    unknown = [one for one in told if isinstance(one, Unknown)]
    seen = [one for one in told if isinstance(one, Evidence)]
    if unknown:
        names = joined(list(dict.fromkeys(part.expression for part in unknown)))
        return undecided(
            f"Whose code the function takes in by its layers is decided outside this root: {names}.", *unknown, path=tuple(seen)
        )
    return passed("Each layer is built here or published by somebody who is trusted, and stays at its version.", *seen)


def _told(function: Function, estate: Estate) -> Iterator[_Told]:
    own = _own_account(function)
    layers: tuple[Link | Unknown, ...] = (*function.layers.items, *function.layers.unknown)
    for layer in layers:
        if isinstance(layer, Unknown) or layer.origin == "literal":
            yield _of_arn(layer.expression, layer.place, own, layer if isinstance(layer, Unknown) else None, estate)
            continue
        thing = estate.thing(layer.target)
        perhaps = doubt(thing.exists, function.exists) if thing is not None else None
        if perhaps is not None:
            yield perhaps
            continue
        match thing:
            case LayerVersion():
                yield Evidence(f"{thing.address} is built here", layer.place)
            case LayerQuery():
                yield _asked(thing, layer, own, estate)
            case _:
                yield Unknown(layer.expression, layer.place)


def _asked(query: LayerQuery, layer: Link, own: str, estate: Estate) -> _Told:
    """A layer that a data source asks for: without a version it is the latest."""
    if isinstance(query.version, Known) and query.version.value is None:
        return _Fault(
            f"{query.address} takes the latest version of {query.asked.strip('*') or 'a layer'}, so the function's code changes without a "
            "change in Terraform.",
            Evidence(f"{query.address} asks for no version", query.place),
            f"Write the version into {query.address}, and raise it where somebody sees it.",
        )
    if not name_in(query.asked):
        return Evidence(f"{query.address} asks for one of this account, at a version", layer.place)
    return _of_arn(query.asked, layer.place, own, None, estate)


def _of_arn(arn: str, place: Place, own: str, unknown: Unknown | None, estate: Estate) -> _Told:
    name, account = name_in(arn), account_in(arn)
    if not name:
        return unknown or Unknown(arn, place)
    publisher, known = publisher_of(account), layer_named(name)
    if account in estate.settings.layer_publishers:
        return Evidence(f"the settings trust the publisher of {name} ({account})", place)
    if publisher is not None and publisher.is_trusted:
        return Evidence(f"{name} is published by the account of {publisher.product}", place, as_of=publisher.as_of)
    if publisher is not None:
        return _Fault(
            f"The layer {name} comes from somebody outside ({publisher.product}, account {account}, as of {publisher.as_of}), and nothing "
            "here says that you trust them. Their code runs with the role of the function.",
            Evidence(f"a layer of account {account}", place, as_of=publisher.as_of),
            f"Take {publisher.instead}, or copy the layer into your own account (aws_lambda_layer_version) and look at what is in it. If "
            "you trust them as they are, write their account into the settings below organisation, layer_publishers.",
        )
    if known is not None:
        return Evidence(f"{name} bears the name of a layer of {known.product}", place, as_of=known.as_of)
    if _OWN in arn or (own and account == own):
        return Evidence(f"{name} is a layer of this account", place)
    if account and own:
        return _Fault(
            f"{name} lies in account {account}, which is neither the function's own ({own}) nor that of a publisher that is trusted.",
            Evidence(f"a layer of account {account}", place),
            f"If {account} is yours, or you trust it, write it into the settings below organisation, layer_publishers. If not, copy the "
            "layer into your own account (aws_lambda_layer_version), or put the library into the package.",
        )
    return Unknown(f"whose account {account} is" if account else arn, place)


def _own_account(function: Function) -> str:
    """The account that a function's role lies in, which is its own; "" where its ARN is not written out."""
    match = _ROLE.fullmatch(function.role.expression) if function.role is not None and function.role.origin == "literal" else None
    return match[1] if match else ""
