"""What stands in subnets with security groups of its own: functions, and the capacity providers that functions run on.

A function on managed instances has no `vpc_config`; its network is its provider's (Terraform AWS provider, `aws_lambda_function`:
`vpc_config` may not be set together with `capacity_provider_config`).
"""

from __future__ import annotations

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Attached, Attachment, CapacityProvider, Function
from serverful.estate.unread_modules import calls_given
from serverful.estate.value import Known, Unknown


def noun(subject: Attached) -> str:
    """What to call it in a sentence: "function" or "capacity provider"."""
    return "function" if isinstance(subject, Function) else "capacity provider"


def attachment_of(subject: Attached) -> Attachment | None:
    """Its attachment where that is certain; None where there is none, or somebody outside decides."""
    return subject.attachment.value if isinstance(subject.attachment, Known) else None


@once_per_estate
def everything_attached(estate: Estate) -> tuple[Attached, ...]:
    """Every function and capacity provider that is certainly attached, functions first, each kind in order of address."""
    everything: tuple[Attached, ...] = (*estate.all(Function), *estate.all(CapacityProvider))
    return tuple(subject for subject in everything if attachment_of(subject) is not None)


def functions_on(subject: Attached, estate: Estate) -> tuple[Function, ...]:
    """Whose traffic it is: the function itself, or the functions of this root that certainly run on the capacity provider."""
    return (subject,) if isinstance(subject, Function) else _by_provider(estate).get(subject.address, ())


def unseen_on(subject: Attached, estate: Estate) -> tuple[Unknown, ...]:
    """What may run on a capacity provider besides: functions that are decided outside, modules that are not loaded, other roots.

    A provider without a function in this root is there for those of another. Nothing is said of a function: it runs for itself.
    """
    if isinstance(subject, Function):
        return ()
    hidden = list(_may_run_anywhere(estate))
    hidden += [Unknown(call.address, call.place) for call in calls_given(subject.address, estate)]
    if not hidden and not functions_on(subject, estate):
        hidden.append(Unknown(f"the functions on {subject.address}", subject.place))
    return tuple(dict.fromkeys(hidden))


@once_per_estate
def _may_run_anywhere(estate: Estate) -> tuple[Unknown, ...]:
    """What decides elsewhere on which capacity provider a function runs, if on any."""
    found = (function.capacity_provider for function in estate.all(Function))
    return tuple(dict.fromkeys(provider for provider in found if isinstance(provider, Unknown)))


@once_per_estate
def _by_provider(estate: Estate) -> dict[str, tuple[Function, ...]]:
    found: dict[str, list[Function]] = {}
    for function in estate.all(Function):
        if isinstance(function.capacity_provider, Known):
            provider = estate.find(function.capacity_provider.value, CapacityProvider)
            if provider is not None:
                found.setdefault(provider.address, []).append(function)
    return {address: tuple(functions) for address, functions in found.items()}
