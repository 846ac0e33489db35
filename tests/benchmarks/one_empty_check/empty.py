"""An external check of Checkov that looks at nothing and leaves no record."""

from __future__ import annotations

from typing import Any

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck


class Empty(BaseResourceCheck):
    def __init__(self) -> None:
        super().__init__(
            name="A function is a function",
            id="CKV2_EMPTY_1",
            categories=[CheckCategories.CONVENTION],
            supported_resources=["aws_lambda_function"],
        )

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        return CheckResult.UNKNOWN


check = Empty()
