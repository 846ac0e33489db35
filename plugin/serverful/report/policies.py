"""The list of policies, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from serverful.policy import Policy
from serverful.report.page import SEVERITY_STYLES, Page


def policies_to_console(policies: Sequence[Policy], *, width: int = 100, painted: bool = False) -> str:
    """One line each, in the catalogue's order."""
    page = Page(width, painted=painted)
    page.table([((policy.id, "bold"), (policy.severity.name, SEVERITY_STYLES[policy.severity]), (policy.title, "")) for policy in policies])
    page.blank()
    page.text("`serverful explain ID` tells what a policy asks, why, and how to answer it.")
    return str(page)


def policies_to_json(policies: Sequence[Policy]) -> str:
    """`feature` is the key of recorded reasons that may answer the policy, or null when only its own id does."""
    listed = [
        {
            "id": policy.id,
            "slug": policy.slug,
            "title": policy.title,
            "severity": policy.severity.name,
            "principle": policy.principle.value,
            "feature": policy.feature,
            "recommendation": policy.recommendation,
        }
        for policy in policies
    ]
    return json.dumps({"version": 1, "policies": listed}, indent=2)
