"""Well-known Lambda layers: what the ARN of a layer tells, also when part of it is decided elsewhere.

The data stands in `reference/extensions.yaml` and `reference/interpreters.yaml`, dated, and is read on first use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from serverful.estate.model import Function
from serverful.estate.place import Place
from serverful.evidence import reference

# `arn:aws:lambda:eu-central-1:580247275435:layer:LambdaInsightsExtension:38`, after `${…}` and `%s` became `*`.
_ARN = re.compile(r"""^"?(?:format\(")?arn:.*:(?P<account>[^:]*):layer:(?P<name>[^:"\s]+)""")
_OPEN = re.compile(r"\$\{[^{}]*\}|%[sdv]")


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer somebody publishes. `kind` is "extension", "wrapper", "library" or "interpreter", `purpose` what an extension is for."""

    product: str
    kind: str
    is_by_aws: bool
    purpose: str
    name: re.Pattern[str]
    accounts: tuple[str, ...]
    as_of: date
    source: str


def extension_in(arn: str) -> Layer | None:
    """The extension that a layer's ARN names, or None: a library, an unknown layer, no ARN, or no name in it.

    `arn` is the expression as written; parts of it may be open (`${var.region}`). The name decides, and its known beginning must say
    enough by itself: `Datadog-Extension${local.suffix}` does, `Datadog-${var.layer}` does not.
    """
    layer = _named(arn, _read("extensions.yaml"), is_account_asked=False)
    return layer if layer and layer.kind == "extension" else None


def extension_named(name: str) -> Layer | None:
    """The extension whose layer has this name: somebody has copied it into an account of their own."""
    layer = layer_named(name)
    return layer if layer and layer.kind == "extension" else None


def layer_named(name: str) -> Layer | None:
    """The known layer, extension or library, that has this name."""
    return next((layer for layer in _read("extensions.yaml") if layer.name.fullmatch(name)), None)


def known_layers() -> tuple[Layer, ...]:
    """Every layer that is listed, with the accounts of its publisher."""
    return (*_read("extensions.yaml"), *_read("interpreters.yaml"))


def account_in(arn: str) -> str:
    """The account of the layer in an ARN; "" where that is no number that is written out."""
    match = _ARN.search(_OPEN.sub("*", arn))
    return match["account"] if match and match["account"].isdigit() else ""


def name_in(arn: str) -> str:
    """The name of the layer in an ARN, as far as it is known; "" for no ARN."""
    match = _ARN.search(_OPEN.sub("*", arn))
    return match["name"] if match else ""


def interpreter_in(arn: str) -> Layer | None:
    """The language interpreter that a layer's ARN brings, or None. Account and name decide."""
    return _named(arn, _read("interpreters.yaml"), is_account_asked=True)


def layer_arns(function: Function) -> Iterator[tuple[str, Place]]:
    """Every layer of a function as it is written: references say nothing about what is in them, ARNs do, also those with open parts."""
    for link in function.layers.items:
        if link.origin == "literal":
            yield link.expression, link.place
    for unknown in function.layers.unknown:
        yield unknown.expression, unknown.place


def _named(arn: str, layers: tuple[Layer, ...], *, is_account_asked: bool) -> Layer | None:
    match = _ARN.search(_OPEN.sub("*", arn))
    if not match:
        return None
    name = match["name"].split("*", 1)[0]
    return next((x for x in layers if name and x.name.fullmatch(name) and (not is_account_asked or match["account"] in x.accounts)), None)


@cache
def _read(file: str) -> tuple[Layer, ...]:
    data = reference.read(file)
    return tuple(
        Layer(
            product=entry["product"],
            kind=entry["kind"],
            is_by_aws=entry["by"] == "aws",
            purpose=entry.get("for", ""),
            name=re.compile(entry["name"]),
            accounts=tuple(entry["accounts"]),
            as_of=data["as_of"],
            source=data["source"],
        )
        for entry in data["layers"]
    )
