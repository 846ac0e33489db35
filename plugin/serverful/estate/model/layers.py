"""Layers: those that are built in this root, and those that it asks for."""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.model.thing import Thing
from serverful.estate.value import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerVersion(Thing):
    """`aws_lambda_layer_version`: a layer that is built here.

    `extensions` is the folder or archive in which an `extensions` folder was seen, Known(None) where none was seen (what is built later, or
    elsewhere, is not seen either), Unknown where nobody could look.
    """

    name: Value[str]
    extensions: Value[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerQuery(Thing):
    """`data.aws_lambda_layer_version`: a layer that is there. `asked` is its name or ARN, with `*` for what is decided elsewhere.

    `version` is Known(None) where none is asked for: then it is the latest.
    """

    asked: str
    version: Value[int | None]
