"""What a finding has to say below its title, line by line: the one text that Checkov's details and our console show alike.

What is, what it means, what would be better, how to go on. Every line is harmless to show.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from serverful.record.v1 import EvidenceV1, FindingV1, PlaceV1, ReasonV1
from serverful.report.text import harmless

KNOWN = "It was there when the baseline was written."

_INDENT = "  "


def details(finding: FindingV1, page: str | None = None) -> list[str]:
    """A finding in, its lines out, each without a line break; a line that belongs to the one above it is indented.

    The last line of a failed one says where the policy's page is: at the URL `page` when pages are hosted, else `serverful explain ID`.
    """
    return [harmless(line) for part in parts(finding, page) for line in (part.line, *(_INDENT + item for item in part.items))]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what a finding has to say: a line, and items below it. `kind` tells what it is; no text is harmless yet."""

    kind: Literal["says", "calls", "skipped", "known", "seen", "missed", "unknown", "reason", "cost", "better", "answer", "page"]
    line: str
    items: tuple[str, ...] = ()


def parts(finding: FindingV1, page: str | None = None) -> Iterator[Part]:
    """The same as `details`, for formats that lay it out in their own way."""
    has_failed = finding.outcome == "failed"  # also where somebody has answered it since, by a comment or a baseline
    yield Part("says", sentence(finding.says))
    if finding.calls and has_failed:
        calls = " from ".join(f"{place.address} ({spot(place)})" for place in finding.calls)
        yield Part("calls", f"It is made by {calls}: a tag given there, or a comment in that block, may hold the reason.")
    if finding.skipped is not None:
        yield Part("skipped", f"Skipped by a comment, without owner or end date: {why_skipped(finding)}")
    if finding.in_baseline:
        yield Part("known", KNOWN)
    if finding.path:
        yield Part("seen", "What was seen:" if has_failed else "Because:", tuple(_seen(evidence) for evidence in finding.path))
    if finding.missed:
        yield Part("missed", "Looked at, and not found:", tuple(finding.missed))
    if finding.unknown:
        yield Part("unknown", "Decided outside this root:", tuple(would_decide(finding)))
    if finding.outcome == "justified" and finding.reason is not None:
        yield Part("reason", _justification(finding.reason))
    if finding.cost is not None:
        yield Part("cost", f"What it costs: {finding.cost.says}")
    if has_failed:
        yield Part("better", f"Better: {finding.recommendation}")
        how = tuple(_how_to_answer(finding))
        if how:
            yield Part("answer", how[0], tuple(line.strip() for line in how[1:]))
        yield Part("page", where_to_read_on(finding, page))


def justification(finding: FindingV1) -> str:
    """The recorded reason behind *justified*, in one line: category, text, owner, end date, where it stands."""
    # judge.py makes none without a reason; a report does not crash over it
    return harmless(_justification(finding.reason) if finding.reason else finding.says)


def why_skipped(finding: FindingV1) -> str:
    """What the comment says that skips it; not yet made harmless."""
    return finding.skipped or "no reason given"


def would_decide(finding: FindingV1) -> list[str]:
    """`var.environment (shop/main.tf:21)`: what keeps it open, each thing once; not yet made harmless."""
    return list(dict.fromkeys(f"{unknown.expression} ({where(unknown.place)})" for unknown in finding.unknown))


def where_to_read_on(finding: FindingV1, page: str | None) -> str:
    """The line that leads to the policy's page."""
    return f"Read on: {page}" if page else f"Read on: serverful explain {finding.policy.id}"


def how_to_answer(finding: FindingV1) -> list[str]:
    """Which recorded reason would answer the finding, and the command that prints the lines to paste; nothing where none would."""
    return [harmless(line) for line in _how_to_answer(finding)]


def said_of(finding: FindingV1) -> str:
    """What is, and of whom, in one line: `aws_lambda_function.a: Nothing says why.` No name where the sentence begins with it."""
    says, root = sentence(finding.says), root_apart(finding)
    if root is not None:
        return harmless(f"{finding.address} of {root}: {says}")
    return harmless(says if says.startswith(finding.address) else f"{finding.address}: {says}")


def root_apart(finding: FindingV1) -> str | None:
    """The root, where the file does not tell it: what a shared module makes has one file and one address in all the roots that call it."""
    root = finding.place.root
    return None if root == "." or finding.place.file.startswith(f"{root}/") else root


def spot(place: PlaceV1) -> str:
    """`network/main.tf:12`, as editors and terminals understand it; of a plan the file, for the address stands beside it."""
    return f"{place.file}:{place.line}" if place.line else place.file


def where(place: PlaceV1) -> str:
    """The spot, for a text in which no address stands beside it: `network/main.tf:12`, `aws_lambda_function.a in plan.json`."""
    return spot(place) if place.line else f"{place.address} in {place.file}"


def sentence(text: str) -> str:
    """With a capital and a full stop, whatever the policy wrote."""
    text = text.strip()
    if not text:
        return text
    # A name keeps its own letters: `aws_lambda_function.a` is no ordinary word.
    first = text.split(maxsplit=1)[0]
    capital = text[0].upper() + text[1:] if first.isalpha() else text
    return capital if capital[-1] in ".!?:" else capital + "."


def _justification(reason: ReasonV1) -> str:
    text = f": {reason.text}" if reason.text else ""
    return f"{reason.category}{text} (owner {reason.owner}, until {reason.until}, {reason.source} at {where(reason.place)})"


def _how_to_answer(finding: FindingV1) -> Iterator[str]:
    key = finding.answered_by
    if key is None:
        return
    # A plan holds no comments.
    how = "" if finding.place.line else ", as a tag or in .serverful.yaml (a comment counts where --source names what was planned)"
    if key == finding.policy.id:
        yield f"If it has to stay: only a reason that names {key} answers this{how}. The lines to paste come from"
    else:
        yield f"If there is a reason: record it with an owner and an end date{how}. The lines to paste come from"
    yield f"{_INDENT}serverful reason {shlex.quote(finding.address)} --feature {key} --category … --until … --owner …"


def _seen(evidence: EvidenceV1) -> str:
    """`default route to the NAT gateway · aws_route.out · network.tf:12`."""
    dated = f" (as of {evidence.as_of})" if evidence.as_of else ""
    return f"{evidence.says}{dated} · {evidence.place.address} · {spot(evidence.place)}"
