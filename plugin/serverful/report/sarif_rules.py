"""Policies as SARIF's rules: what GitHub shows beside a finding, offline and in full.

Decisions:
- Every rule has a `security-severity`, as Checkov's own have: it is where GitHub shows, filters and gates by more than errors, warnings and
  notes. The tag `security` have only policies about who may come in, what somebody who came in may do, and whose code runs. A network
  without a reason is no vulnerability, and nothing here is critical.
- SLS_RUN_1 is always among the rules, so that they do not depend on what was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from serverful.explain import RUN_ID
from serverful.record.v1 import AskedV1, PolicyV1, SeverityV1
from serverful.report.sarif_text import LONGEST_DESCRIPTION, cut, described, plain
from serverful.report.text import harmless

LEVELS: dict[SeverityV1, str] = {"HIGH": "error", "MEDIUM": "warning", "LOW": "note", "INFO": "note"}
SECURITY = frozenset(
    {
        *("SLS_ID_1", "SLS_ID_2", "SLS_ID_3", "SLS_ID_4", "SLS_ID_5", "SLS_ID_6", "SLS_IP_3", "SLS_FS_3", "SLS_RAD_2"),
        *("SLS_VPC_5", "SLS_VPC_7", "SLS_VPC_8", "SLS_VPC_9", "SLS_EXT_2", "SLS_RT_3"),
    }
)

# Where GitHub draws its lines: over 9.0 critical, from 7.0 high, from 4.0 medium, from 0.1 low ("SARIF support for code scanning",
# read 2026-11-27), and 0.0 none: INFO is a question. Nothing of ours is critical: it is configuration, and nobody has shown a way in.
_SCORES: dict[SeverityV1, str] = {"HIGH": "8.0", "MEDIUM": "5.5", "LOW": "2.0", "INFO": "0.0"}
_PROBLEMS = {"error": "error", "warning": "warning", "note": "recommendation"}
_PAGE = re.compile(r"https?://[!-~]+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`*])")
_LONGEST_NAME = 255

_RUN_MEANS = (
    "Something in this root could not be read, or a policy could not be asked. What could be read was judged all the same; about what is "
    "named here, silence says nothing. The code at this place is not to blame for it."
)
_RUN_BETTER = "Mend what the message names. No recorded reason answers this."


def rules(policies: Iterable[PolicyV1], found: Iterable[AskedV1]) -> list[dict[str, Any]]:
    """A rule for each policy that was asked, for each that is found without having been listed, and for what could not be judged."""
    made = {policy.id: _rule(policy) for policy in policies}
    for asked in found:
        if asked.id not in made:
            made[asked.id] = _unlisted(asked)
    made.setdefault(RUN_ID, _run_rule())
    return list(made.values())


def _rule(policy: PolicyV1) -> dict[str, Any]:
    level = LEVELS[policy.severity]
    properties: dict[str, Any] = {
        "tags": _tags(policy.id, policy.principle),
        "precision": "high",
        "problem.severity": _PROBLEMS[level],
        "security-severity": _SCORES[policy.severity],
    }
    rule = {
        **_head(policy.id, policy.slug, policy.title),
        "fullDescription": {"text": _beginning(policy.why) or described(policy.title)},
        "help": {"text": _help(policy, is_markdown=False), "markdown": _help(policy, is_markdown=True)},
        "defaultConfiguration": {"level": level},
        "properties": properties,
    }
    if policy.page and _PAGE.fullmatch(policy.page):
        rule["helpUri"] = policy.page
    return rule


def _unlisted(asked: AskedV1) -> dict[str, Any]:
    text = f"{plain(asked.title)}. Read on: serverful explain {plain(asked.id)}"
    return {
        **_head(asked.id, asked.slug, asked.title),
        "fullDescription": {"text": described(asked.title)},
        "help": {"text": text},
        "properties": {"tags": _tags(asked.id, asked.principle)},
    }


def _run_rule() -> dict[str, Any]:
    how = f"Read on: serverful explain {RUN_ID}"
    return {
        **_head(RUN_ID, "run_is_complete", "Everything in this root could be read and judged"),
        "fullDescription": {"text": _RUN_MEANS},
        "help": {
            "text": f"{_RUN_MEANS}\n\n{_RUN_BETTER}\n\n{how}",
            "markdown": f"{_RUN_MEANS}\n\n{_RUN_BETTER}\n\nRead on: `serverful explain {RUN_ID}`",
        },
        "defaultConfiguration": {"level": "error"},
        "properties": {
            "tags": ["serverless", "aws-lambda", "terraform"],
            "precision": "very-high",
            "problem.severity": "error",
            "security-severity": _SCORES["HIGH"],  # as high as any finding could be that it hides
        },
    }


def _head(id: str, slug: str, title: str) -> dict[str, Any]:
    name = "".join(word.capitalize() for word in re.findall(r"[A-Za-z0-9]+", slug)) or id
    return {"id": plain(id), "name": name[:_LONGEST_NAME], "shortDescription": {"text": described(title)}}


def _tags(id: str, principle: str) -> list[str]:
    tags = ["serverless", "aws-lambda", "terraform", plain(principle)]
    return ["security", *tags] if id in SECURITY else tags


def _beginning(why: str) -> str:
    """As many whole sentences as GitHub takes of a description."""
    said = ""
    for sentence in _SENTENCE_END.split(" ".join(why.split())):
        longer = f"{said} {sentence}".strip()
        if len(plain(longer)) > LONGEST_DESCRIPTION:
            break
        said = longer
    return described(said)


def _help(policy: PolicyV1, *, is_markdown: bool) -> str:
    """Why, what would be better, and how to answer. The policies are ours, so their Markdown is taken as it is."""
    tick, heading = ("`", "## ") if is_markdown else ("", "")
    key = policy.feature or policy.id
    command = f"{tick}serverful reason ADDRESS --feature {key} --category … --until … --owner …{tick}"
    answer = (
        f"Record it with an owner and an end date; the lines to paste come from {command}."
        if policy.feature
        else f"Only a reason that names {key} answers this; the lines to paste come from {command}."
    )
    page = f"\n\nThe whole page: {policy.page}" if policy.page and _PAGE.fullmatch(policy.page) else ""
    sections = {
        "Why": policy.why,
        "Better": policy.recommendation,
        "If there is a reason": answer,
        "Read on": f"{tick}serverful explain {policy.id}{tick} shows an example to avoid and one to prefer.{page}",
    }
    text = "\n\n".join(f"{heading}{title}\n\n{body}" for title, body in sections.items())
    return "\n".join(plain(line) for line in text.split("\n")) if not is_markdown else "\n".join(map(_markdown, text.split("\n")))


def _markdown(line: str) -> str:
    # Placeholders have the same meaning in Markdown (3.11.5), links have not.
    return harmless(cut(line)).replace("{", "{{").replace("}", "}}")
