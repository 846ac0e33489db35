"""`aws_lambda_runtime_management_config`. Arguments: Terraform AWS provider 6.55 documentation.

`update_runtime_on` is Auto unless told (AWS Lambda API Reference, "PutRuntimeManagementConfig", botocore 1.43.67).
"""

from __future__ import annotations

from serverful.estate.model import Callee, RuntimeUpdates
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.things.callee import callee
from serverful.estate.read.things.heading import heading
from serverful.estate.read.things.index import Index


def updates(block: Block, index: Index) -> RuntimeUpdates:
    """Whose runtime it keeps, and when that is updated."""
    named = callee(block, "function_name", index, "qualifier")
    whose = named or Callee(None, convert.unknown(block.term("function_name"), block.at("function_name")).expression)
    return RuntimeUpdates(**heading(block), callee=whose, when=convert.text(block, "update_runtime_on", "Auto"))
