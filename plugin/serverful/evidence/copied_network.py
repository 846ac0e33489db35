"""Does a function stand in the network of what calls it? That is seldom a need, and often a copy."""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.attached import attachment_of
from serverful.estate.estate import Estate
from serverful.estate.model import Attachment, Function
from serverful.estate.value import Unknown
from serverful.evidence.event_sources import EventSource, event_sources, is_same
from serverful.evidence.evidence import Evidence
from serverful.evidence.leaving import leaving
from serverful.wording import joined


@dataclass(frozen=True, slots=True)
class Copy:
    """A function beside one of its event sources.

    `shared` is what both have: "subnets", "security groups". `unknown` is empty where that, or that they share nothing, is certain.
    """

    source: EventSource
    attachment: Attachment
    shared: tuple[str, ...]
    unknown: tuple[Unknown, ...]

    @property
    def says(self) -> str:
        """`the subnets of the broker aws_msk_cluster.orders`."""
        return f"the {joined(self.shared)} of {self.source.what}"

    @property
    def path(self) -> tuple[Evidence, ...]:
        """The attachment, the call, and where the network of the caller is stated."""
        source = self.source
        calls = f"an event source mapping polls {source.what} for it" if source.is_mapping else f"{source.what} calls it"
        found = [Evidence("vpc_config attaches the function", self.attachment.place), Evidence(calls, source.call.place)]
        if source.thing is not None:
            found.append(Evidence(f"{joined(self.shared) or 'network'} of {source.what}", source.place))
        return tuple(found)


def copies(function: Function, estate: Estate) -> tuple[Copy, ...]:
    """The function beside each of its event sources; empty where it is not attached, or nothing with a network calls it."""
    attachment = attachment_of(function)
    return tuple(_beside(source, attachment) for source in event_sources(function, estate)) if attachment else ()


def _beside(source: EventSource, attachment: Attachment) -> Copy:
    answers = {
        "subnets": is_same(attachment.subnets, source.subnets),
        "security groups": is_same(attachment.security_groups, source.security_groups),
    }
    shared = tuple(what for what, answer in answers.items() if answer is True)
    open_parts = [answer for answer in answers.values() if isinstance(answer, Unknown)]
    return Copy(source, attachment, shared, (*source.unknown, *(() if shared else open_parts)))


def instead(function: Function, copied: Copy, estate: Estate) -> str:
    """Who needs that network, so that the function can leave it."""
    source = copied.source
    if not source.is_mapping:
        what = source.what[0].upper() + source.what[1:]
        needs = f"{what} calls the Lambda API; no packet of it reaches the function's subnets."
    elif source.thing is None:
        needs = f"{source.call.by} polls from the subnets and groups of its own source_access_configuration, wherever the function stands."
    else:
        needs = f"{source.call.by} polls from the subnets and groups of {source.thing.address}, wherever the function stands."
    if source.is_mapping:
        needs += " It makes its network interfaces by the function's role, so the role keeps that permission."
    return (
        f"{leaving(function, copied.attachment, estate)}. {needs} If the function's own code connects to it as well, say how: name its "
        "address in the environment, or what the role may do there."
    )
