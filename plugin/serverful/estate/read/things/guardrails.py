"""Policies that demand a VPC of functions: an organisation or a permission boundary says so, not the function.

Condition keys: AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC" (using IAM condition keys).
"""

from __future__ import annotations

from serverful.estate.model import Document, Guardrail, Thing
from serverful.estate.read.block import Block
from serverful.estate.read.things.heading import heading, other
from serverful.estate.read.things.index import Index

_ARGUMENT = {"aws_organizations_policy": "content", "aws_iam_policy": "policy"}
_KEYS = frozenset({"lambda:vpcids", "lambda:subnetids", "lambda:securitygroupids"})


def guardrail(block: Block, index: Index) -> Thing:
    """`aws_organizations_policy`, or `aws_iam_policy` (a boundary, or what a deployer has), when it speaks of a function's VPC."""
    document = index.documents.of(block, _ARGUMENT[block.type])
    return Guardrail(**heading(block), document=document) if demands_vpc(document) else other(block)


def demands_vpc(document: Document) -> bool:
    """Whether a condition of the document is about the network of a function. These keys exist only when one is created or changed."""
    return any(condition.key.lower() in _KEYS for statement in document.statements for condition in statement.conditions)
