"""Firewalls in front of APIs and load balancers."""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.model.thing import Other
from serverful.estate.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAcl(Other):
    """`aws_wafv2_web_acl`.

    `lists` are the rules by which somebody's address alone decides that he comes through: an address set that is allowed where everybody
    else is blocked, or everybody else blocked. `fronts` are the APIs and load balancers of this root that it stands before, by address.
    """

    lists: tuple[Place, ...] = ()
    fronts: tuple[str, ...] = ()
