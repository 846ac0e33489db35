"""How the runtime of a function is kept."""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.model.callers import Callee
from serverful.estate.model.thing import Link, Thing
from serverful.estate.value import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeUpdates(Thing):
    """`aws_lambda_runtime_management_config`: when a function gets a new version of its runtime. `when` is Auto unless told."""

    callee: Callee
    when: Value[str]

    @property
    def function(self) -> Link | None:
        return self.callee.function
