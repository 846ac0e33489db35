"""Our checks as Checkov knows them. The only module that imports Checkov, and imported only when Checkov is the host."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, Protocol

from checkov.common.bridgecrew.severities import Severities
from checkov.common.bridgecrew.severities import Severity as CheckovSeverity
from checkov.common.checks.base_check import BaseCheck
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.common.typing import _CheckResult, _SkippedCheck
from checkov.terraform.checks.module.registry import module_registry
from checkov.terraform.checks.resource.registry import resource_registry

from serverful.host.answers import Answer
from serverful.policy import Severity
from serverful.report.text import harmless
from serverful.verdict import Outcome

log = logging.getLogger(__name__)

_REGISTRIES = {"resource": resource_registry, "module": module_registry}

# What Checkov sorts checks by in its own documentation; by the second part of an id. All others are about how a system is built.
_CATEGORIES = {
    "VPC": CheckCategories.NETWORKING,
    "IP": CheckCategories.NETWORKING,
    "ID": CheckCategories.IAM,
    "EXT": CheckCategories.SUPPLY_CHAIN,
}


class Ask(Protocol):
    """Who answers: graph, conf and scanned file in, an Answer out."""

    def __call__(self, graph: object, conf: object, scanned_file: str) -> Answer: ...


class Check(BaseCheck):
    """One of our policies (or SLS_RUN_1) for one kind of block, "resource" or "module". Registers itself, as Checkov's own do."""

    def __init__(self, ask: Ask, *, id: str, title: str, severity: Severity, block_type: str, entities: Iterable[str]) -> None:
        self._ask = ask
        self._highest: CheckovSeverity = Severities[severity.name]
        self._graded: CheckovSeverity | None = None
        category = _CATEGORIES.get(id.split("_")[1], CheckCategories.CONVENTION)
        super().__init__(name=title, id=id, categories=[category], supported_entities=list(entities), block_type=block_type)
        _REGISTRIES[block_type].register(self)

    @property  # type: ignore[override]  # Checkov keeps an attribute here
    def severity(self) -> CheckovSeverity:
        """The highest the policy gives, except once after a graded finding, for its Record.

        Checkov reads this before it runs the check, to filter (`--check HIGH`), and once afterwards, for the Record. A grade that stayed
        would be the next resource's filter, and findings would get lost (tried on 3.3.30).
        """
        graded, self._graded = self._graded, None
        return graded or self._highest

    @severity.setter
    def severity(self, severity: CheckovSeverity | None) -> None:
        if severity is not None:  # BaseCheck begins with None; a platform may know better
            self._highest = severity

    def run(
        self,
        scanned_file: str,
        entity_configuration: dict[str, Any],
        entity_name: str,
        entity_type: str,
        skip_info: _SkippedCheck,
    ) -> _CheckResult:
        """Checkov's question. Never raises: Checkov would answer UNKNOWN, which no report shows, and end with exit code 0."""
        self.details = []
        self.entity_type = entity_type
        self._graded = None
        try:
            answer = self._ask(self.graph, entity_configuration, scanned_file)
        except Exception as error:
            # Broad on purpose, like its twin in judge.py: broken is never green.
            log.exception("%s could not judge %s.%s in %s", self.id, entity_type, entity_name, scanned_file)
            answer = Answer(Outcome.FAILED, (f"could not judge this resource: {harmless(repr(error))}",))
        return self._result(answer, skip_info)

    def _result(self, answer: Answer, skip_info: _SkippedCheck) -> _CheckResult:
        if answer.outcome is Outcome.NOT_OURS:
            return {"result": CheckResult.UNKNOWN, "evaluated_keys": []}  # leaves no record
        self.details = list(answer.details)
        if skip_info or answer.is_skipped:
            comment = harmless(skip_info["suppress_comment"]) if skip_info else answer.comment
            return {"result": CheckResult.SKIPPED, "suppress_comment": comment, "evaluated_keys": []}
        if answer.outcome is Outcome.JUSTIFIED:
            return {"result": CheckResult.SKIPPED, "suppress_comment": answer.comment, "evaluated_keys": []}
        if answer.outcome is Outcome.FAILED:
            self._graded = Severities[answer.severity.name] if answer.severity else None
            return {"result": CheckResult.FAILED, "evaluated_keys": []}
        if answer.outcome is Outcome.PASSED:
            return {"result": CheckResult.PASSED, "evaluated_keys": []}
        return {"result": CheckResult.UNKNOWN, "evaluated_keys": []}  # undecided: Checkov has no word for it

    def scan_entity_conf(self, conf: dict[str, Any], entity_type: str) -> CheckResult:
        """Never called, because `run` answers; BaseCheck wants it."""
        raise NotImplementedError
