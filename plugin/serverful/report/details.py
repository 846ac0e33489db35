"""What a finding has to say below its title, line by line: the one text that Checkov's details and our console show alike.

What is, what it means, what would be better, how to go on. Every line is harmless to show.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from serverful.evidence.evidence import Evidence
from serverful.finding import Finding
from serverful.policy import Policy
from serverful.report.text import harmless
from serverful.verdict import Kind, Outcome, Verdict

_INDENT = "  "


def details(finding: Finding, pages_url: str | None = None) -> list[str]:
    """A finding in, its lines out, each without a line break; a line that belongs to the one above it is indented.

    The last line of a failed one says where the policy's page is: under `pages_url` when pages are hosted, else `serverful explain ID`.
    """
    return [harmless(line) for line in _lines(finding, pages_url)]


def _lines(finding: Finding, pages_url: str | None) -> Iterator[str]:
    verdict = finding.verdict
    yield _sentence(verdict.says)
    if finding.calls and verdict.outcome is Outcome.FAILED:
        calls = " from ".join(f"{place.address} ({place.spot})" for place in finding.calls)
        yield f"It is made by {calls}: a tag given there, or a comment in that block, may hold the reason."
    if finding.skipped is not None:
        yield f"Skipped by a comment, without owner or end date: {finding.skipped or 'no reason given'}"
    if verdict.path:
        yield "What was seen:" if verdict.outcome is Outcome.FAILED else "Because:"
        for evidence in verdict.path:
            yield _INDENT + _seen(evidence)
    if verdict.missed:
        yield "Looked at, and not found:"
        for missed in verdict.missed:
            yield _INDENT + missed
    if verdict.unknown:
        yield "Decided outside this root:"
        for unknown in verdict.unknown:
            yield f"{_INDENT}{unknown.expression} ({unknown.place.where})"
    if verdict.outcome is Outcome.JUSTIFIED and verdict.reason is not None:
        yield justification(verdict)
    if finding.cost is not None:
        yield f"What it costs: {finding.cost}"
    if verdict.outcome is Outcome.FAILED:
        yield f"Better: {verdict.instead or finding.policy.recommendation}"
        yield from _how_to_answer(finding)
        yield where_to_read_on(finding.policy, pages_url)


def justification(verdict: Verdict) -> str:
    """The recorded reason behind *justified*, in one line: category, text, owner, end date, where it stands."""
    reason = verdict.reason
    if reason is None:  # judge.py never makes one; a report does not crash over it
        return harmless(verdict.says)
    text = f": {reason.text}" if reason.text else ""
    return harmless(f"{reason.category}{text} (owner {reason.owner}, until {reason.until}, {reason.source} at {reason.place.where})")


def where_to_read_on(policy: Policy, pages_url: str | None) -> str:
    """The line that leads to the policy's page."""
    return f"Read on: {page_of(policy, pages_url)}" if pages_url else f"Read on: serverful explain {policy.id}"


def page_of(policy: Policy, pages_url: str) -> str:
    """Where the page of a policy is hosted. Pages keep the path that they have in `policies/`: group folder, one name."""
    folder = policy.file.replace("\\", "/").split("/")[-2]
    return f"{pages_url.rstrip('/')}/{folder}/{policy.slug}.md"


def _how_to_answer(finding: Finding) -> Iterator[str]:
    """Which recorded reason would answer the finding, and the command that prints the lines to paste."""
    address = shlex.quote(finding.address)
    # A plan holds no comments.
    how = "" if finding.place.has_line else ", as a tag or in .serverful.yaml (a comment counts where --source names what was planned)"
    rest = "--category … --until … --owner …"
    if finding.verdict.kind is not Kind.CONTRADICTED and finding.policy.feature is None and finding.verdict.instead:
        return  # the question is about recorded reasons themselves, and what is better has just named the one that answers it
    if finding.verdict.kind is Kind.CONTRADICTED or finding.policy.feature is None:
        yield f"If it has to stay: only a reason that names {finding.policy.id} answers this{how}. The lines to paste come from"
        yield f"{_INDENT}serverful reason {address} --feature {finding.policy.id} {rest}"
    else:
        yield f"If there is a reason: record it with an owner and an end date{how}. The lines to paste come from"
        yield f"{_INDENT}serverful reason {address} --feature {finding.verdict.feature or finding.policy.feature} {rest}"


def _seen(evidence: Evidence) -> str:
    """`default route to the NAT gateway · aws_route.out · network.tf:12`."""
    dated = f" (as of {evidence.as_of})" if evidence.as_of else ""
    return f"{evidence.says}{dated} · {evidence.place.address} · {evidence.place.spot}"


def _sentence(text: str) -> str:
    """With a capital and a full stop, whatever the policy wrote."""
    text = text.strip()
    if not text:
        return text
    # A name keeps its own letters: `aws_lambda_function.a` is no ordinary word.
    first = text.split(maxsplit=1)[0]
    capital = text[0].upper() + text[1:] if first.isalpha() else text
    return capital if capital[-1] in ".!?:" else capital + "."
