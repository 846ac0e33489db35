"""The description of a policy: what a contributor writes above a pure function."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any

from serverful.errors import PolicyDefinitionError

if TYPE_CHECKING:
    from serverful.estate import Estate
    from serverful.evidence.costs.cost import Cost
    from serverful.verdict import Verdict


class Severity(IntEnum):
    """How much it matters; ordered. The names are Checkov's."""

    INFO = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4


class Principle(Enum):
    """The principle of the talk that a policy serves."""

    WITHOUT_VPC = "without VPC"
    WITHOUT_FIXED_IP = "without a fixed IP address"
    WITHOUT_CUSTOM_RUNTIME = "without custom runtime"
    WITHOUT_PROVISIONED_CONCURRENCY = "without provisioned concurrency"
    WITHOUT_FILE_SYSTEM = "without EFS"
    WITHOUT_EXTENSIONS = "without extensions, where the platform does it"
    WITH_AGILITY = "with agility"
    SMALL_RADIUS = "keep that radius small"


@dataclass(frozen=True)
class Policy:
    """One question with a reason. Calling it judges one subject: `policy(function, estate) -> Verdict`.

    `slug` is the function's name and the name of its file, fixture folder and page. `subjects` are the types of its first parameter: one,
    or those of a union (`Attached`).
    `feature` is the key of recorded reasons that may answer it (`vpc`, `fixed-ip`, ...), or None when only its own id does.
    `severity` is the highest it ever gives; a verdict may be graded lower. `cost` tells what a subject costs a month where money is an
    argument.
    """

    id: str
    title: str
    principle: Principle
    severity: Severity
    recommendation: str
    feature: str | None
    judge: Callable[[Any, Estate], Verdict]
    subjects: tuple[type, ...]
    docstring: str
    file: str
    cost: Callable[[Any, Estate], Cost | None] | None = None

    @property
    def slug(self) -> str:
        return self.judge.__name__

    @property
    def group(self) -> str:
        """`SLS_VPC` for `SLS_VPC_1`."""
        return self.id.rpartition("_")[0]

    def __call__(self, subject: Any, estate: Estate) -> Verdict:
        return self.judge(subject, estate)


def policy(
    *,
    id: str,
    title: str,
    principle: Principle,
    severity: Severity,
    recommendation: str,
    feature: str | None = None,
    cost: Callable[[Any, Estate], Cost | None] | None = None,
) -> Callable[[Callable[[Any, Estate], Verdict]], Policy]:
    """Describe the decorated function as a policy.

    Raises PolicyDefinitionError when it has no docstring or its first parameter's type is not a thing of the estate.
    """

    def describe(judge: Callable[[Any, Estate], Verdict]) -> Policy:
        parameters = list(inspect.signature(judge).parameters)
        hints = typing.get_type_hints(judge)
        if not judge.__doc__:
            raise PolicyDefinitionError(f"{id}: {judge.__name__} has no docstring; the docstring is the page's 'Why'")
        if len(parameters) != 2 or parameters[0] not in hints:
            raise PolicyDefinitionError(f"{id}: {judge.__name__} takes (subject, estate), both with types")
        return Policy(
            id=id,
            title=title,
            principle=principle,
            severity=severity,
            recommendation=recommendation,
            feature=feature,
            judge=judge,
            subjects=typing.get_args(hints[parameters[0]]) or (hints[parameters[0]],),
            docstring=inspect.cleandoc(judge.__doc__),
            file=judge.__code__.co_filename,
            cost=cost,
        )

    return describe
