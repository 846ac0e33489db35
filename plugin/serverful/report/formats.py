"""The formats in which a record can be reported: one name, one file, one function each."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass

from serverful.record.v1 import RunV1


@dataclass(frozen=True, slots=True)
class Look:
    """How the console shows a report. `folds` wraps headings too, for a terminal.

    `verbose` tells everything in full, and what passed; `quiet` a line for each finding.
    """

    width: int = 100
    painted: bool = False
    folds: bool = False
    verbose: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """`function` makes the text, in pieces; it is imported when it is asked for. `says` tells people what it is for."""

    name: str
    module: str
    function: str
    says: str


_ALL = (
    Format("console", "console", "to_console", "for people at a terminal or in a log"),
    Format("json", "json_v1", "to_json_pieces", "the whole record, version 1 (schema: serverful schema run)"),
    Format("sarif", "sarif", "to_sarif", "SARIF 2.1.0, for code scanning"),
    Format("junit", "junit", "to_junit", "JUnit XML, for test reports of pipelines"),
    Format("gitlab", "gitlab", "to_gitlab", "GitLab Code Quality"),
    Format("github", "github", "to_github", "workflow commands that annotate a pull request in GitHub Actions"),
    Format("markdown", "markdown", "to_markdown", "Markdown, for comments and job summaries"),
)

FORMATS: dict[str, Format] = {one.name: one for one in _ALL}


def render(name: str, record: RunV1, look: Look) -> Iterable[str]:
    """The report of a record in the format of that name, in pieces; without a line break at the end."""
    one = FORMATS[name]
    function = getattr(importlib.import_module(f"serverful.report.{one.module}"), one.function)
    pieces: Iterable[str] = function(record, look) if name == "console" else function(record)
    return pieces
