"""Who calls a function, and which of its versions is meant."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from serverful.estate.model.thing import Link, Thing
from serverful.estate.place import Place
from serverful.estate.value import Listing, Unknown, Value


class Qualified(Enum):
    """Which of a function's versions is meant."""

    LATEST = "$LATEST"  # the function without a qualifier
    ALIAS = "alias"
    VERSION = "version"
    UNKNOWN = "unknown"  # the qualifier is decided elsewhere, so it may be any


@dataclass(frozen=True, slots=True)
class Callee:
    """A function as somebody names it: by name, ARN, qualified ARN, `invoke_arn`, reference or a string built of these.

    `function` leads to the function where it is in this root; `expression` is how it is written. `qualified` says which version is meant,
    and `qualifier` its name where that is known: `live`, `3`; "" for the version a function publishes (`aws_lambda_function.a.version`).
    `alias` is the address of the `aws_lambda_alias` meant, where that is in this root, else "".
    `unknown` names what decides which function is meant: with `function`, it may be that one; without, any (its `mentions` are those that
    it speaks of). Without either, it certainly is a function outside this root.
    """

    function: Link | None
    expression: str
    qualified: Qualified = Qualified.LATEST
    qualifier: str = ""
    alias: str = ""
    unknown: Unknown | None = None

    @property
    def target(self) -> str | None:
        """The address of the function, where it is in this root."""
        return self.function.target if self.function is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias(Thing):
    """`aws_lambda_alias`. `version` is the version it points to: a number, or "" for the one its function publishes."""

    name: Value[str]
    callee: Callee
    version: Value[str]


class Style(Enum):
    """How a caller calls (AWS Lambda Developer Guide, "Invoking Lambda with events from other AWS services")."""

    SYNCHRONOUS = "synchronous"  # somebody waits for the answer
    ASYNCHRONOUS = "asynchronous"  # an event is handed over, nobody waits
    POLLED = "polled"  # an event source mapping reads a queue or stream, nobody waits
    EITHER = "either"  # the caller chooses with each call (the Invoke API, EventBridge Pipes), and cannot be seen choosing


@dataclass(frozen=True, slots=True)
class Invocation:
    """One way in which something calls a function.

    `by` is the address of the block that says so, `service` what people call the caller ("API Gateway", "SQS"). `source` is what the event
    comes from, where it is named: the queue, cluster, bucket, load balancer. `is_permission` says that the caller is only permitted
    (`aws_lambda_permission`) and stands elsewhere. `subnets` and `security_groups` are those of an event source mapping that brings its own
    (self-managed Kafka). `schedule` is the expression of a schedule: `rate(5 minutes)`; None for any other caller. `on_failure` is where an
    event source mapping puts what could not be processed, Known(None) where it names nothing; other callers have none.
    """

    by: str
    service: str
    style: Style
    callee: Callee
    place: Place
    exists: Value[bool]
    source: Link | None = None
    is_permission: bool = False
    subnets: Listing[Link] = field(default_factory=Listing)
    security_groups: Listing[Link] = field(default_factory=Listing)
    schedule: Value[str] | None = None
    on_failure: Value[Link | None] | None = None
