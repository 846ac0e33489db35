"""Capacity that is kept ready, and what moves it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from serverful.estate.model.callers import Callee
from serverful.estate.model.thing import Link, Thing
from serverful.estate.value import Value


class Means(Enum):
    """Which kind of block provisions concurrency, or changes how much of it there is."""

    CONFIG = "configuration"  # aws_lambda_provisioned_concurrency_config
    TARGET = "scaling target"  # aws_appautoscaling_target
    SCHEDULE = "schedule"  # aws_appautoscaling_scheduled_action
    POLICY = "scaling policy"  # aws_appautoscaling_policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisioned(Thing):
    """Provisioned concurrency on an alias or version: by a configuration, a scaling target or a schedule with a minimum above 0.

    `executions` is how many it keeps ready at least: of a configuration always some, of a target or schedule perhaps none where that is
    Unknown. `maximum` is how many scaling may make of them, Known(None) where the block states none. `is_left_alone` says whether Terraform
    ignores changes of these numbers (`lifecycle`), so that somebody else makes them.
    """

    means: Means
    callee: Callee
    executions: Value[int]
    maximum: Value[int | None]
    is_left_alone: Value[bool]

    @property
    def function(self) -> Link | None:
        return self.callee.function


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling(Thing):
    """What changes provisioned concurrency and keeps none ready by itself: a policy, a target from 0, a schedule that does not raise it.

    `minimum` and `maximum` are the bounds that it sets, Known(None) where it sets none; a policy sets none.
    """

    means: Means
    callee: Callee
    minimum: Value[int | None]
    maximum: Value[int | None]

    @property
    def function(self) -> Link | None:
        return self.callee.function


@dataclass(frozen=True, slots=True, kw_only=True)
class Poller(Thing):
    """An event source mapping with `provisioned_poller_config`."""

    function: Link | None
    minimum: Value[int]
