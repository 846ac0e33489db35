"""Who is permitted to call a function or to take a layer."""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.model.callers import Callee
from serverful.estate.model.thing import Thing
from serverful.estate.value import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission(Thing):
    """`aws_lambda_permission`. `principal` is a service, an account, an ARN, `*`, or the address of a role of this root.

    What limits it is Known(None) where it is certainly not written, and else what is written, whatever that comes to: an ARN that is not
    known before an apply is one. Unknown is what may be null. `is_by_url` says that only calls through the function's URL are meant.
    """

    callee: Callee
    action: Value[str]
    principal: Value[str]
    source_arn: Value[str | None]
    source_account: Value[str | None]
    organization: Value[str | None]
    token: Value[str | None]
    url_auth: Value[str | None]
    is_by_url: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerPermission(Thing):
    """`aws_lambda_layer_version_permission`: who may take a layer. `organization` is Known(None) where it is not limited to one."""

    principal: Value[str]
    organization: Value[str | None]
