"""Policies of resources: who may do what with a bucket, a queue, a key, an API."""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.model.identity import Document
from serverful.estate.model.stores import Store
from serverful.estate.model.thing import Link, Other
from serverful.estate.place import Place
from serverful.estate.value import Value


@dataclass(frozen=True, slots=True)
class ResourcePolicy:
    """One policy of a resource. `by` is the address of the block that holds it, `guarded` leads to the resource, which may be that block.

    `what` is a noun ("bucket", "queue"), `service` the IAM prefix of the actions on it ("s3").
    """

    by: str
    place: Place
    exists: Value[bool]
    what: str
    service: str
    guarded: Link
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyHolder(Other):
    """A block that may hold the policy of a resource and is nothing else of interest: `aws_s3_bucket_policy`, `aws_kms_key`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDomain(Store):
    """`aws_opensearch_domain`, `aws_elasticsearch_domain`: a store that may hold its own policy.

    `asks_users` tells whether it asks who sends a request besides (`advanced_security_options`, fine-grained access control).
    """

    asks_users: Value[bool]
