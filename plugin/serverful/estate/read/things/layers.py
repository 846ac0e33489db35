"""`aws_lambda_layer_version`, as a resource and as a data source.

Arguments: Terraform AWS provider 6.55 documentation (of the data source: `version` "defaults to the latest"). An external extension is an
executable in `extensions/` at the top of a layer (AWS Lambda Developer Guide, "Packaging your layer content", 2026).
"""

from __future__ import annotations

import re

from serverful.estate.model import LayerQuery, LayerVersion, Thing
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.things.heading import heading, other
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.packages import texts
from serverful.estate.read.things.text_parts import HOLE, flat, rendered
from serverful.estate.value import Basis, Known, Value

_FOLDER = "extensions"
_PACKAGE = ("filename", "s3_key")
_LATEST = re.compile(r"/aws/service/(?:powertools|aws-lambda|lambda)\b.*/latest")


def version(block: Block, _: Index) -> LayerVersion:
    """A layer that is built here."""
    return LayerVersion(**heading(block), name=convert.text(block, "layer_name"), extensions=_extensions(block))


def query(block: Block, _: Index) -> LayerQuery:
    """A layer that is asked for by name or ARN."""
    asked = rendered(list(flat(block.term("layer_name")))).replace(HOLE, "*")
    nothing: Value[int | None] = Known(None, block.place, Basis.DEFAULTED)
    # A plan tells which version was found; what counts is whether somebody asked for it.
    return LayerQuery(**heading(block), asked=asked, version=convert.optional_number(block, "version") if block.has("version") else nothing)


def parameter(block: Block, _: Index) -> Thing:
    """`data.aws_ssm_parameter`: some publishers keep the ARN of their latest layer in a public one (`/aws/service/powertools/…/latest`)."""
    name = convert.text(block, "name")
    if not isinstance(name, Known) or not _LATEST.fullmatch(name.value):
        return other(block)
    return LayerQuery(**heading(block), asked=name.value, version=Known(None, name.place))


def _extensions(block: Block) -> Value[str | None]:
    """Where an `extensions` folder is seen, in what the layer's package is made of."""
    for name in _PACKAGE:
        for source in texts(block.term(name), block.at(name)):
            if not isinstance(source, Known):
                continue
            names = block.contents(source.value)
            if names is None:
                return convert.unknown(block.term(name), block.at(name))
            if _FOLDER in names:
                return Known(source.value, source.place)
    return Known(None, block.place, Basis.DERIVED)
