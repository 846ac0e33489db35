"""Names, tags, comments and paths that would like to do something to whoever reads the report: our words show them, and they do nothing.

What Checkov itself prints of a name (its own line with the resource and the file) is Checkov's; all that comes from us is looked at, in
each of its formats.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from real_checkov import REPOSITORY, environment
from runs_by_hand import as_console, as_json
from serverful.finding import Run
from serverful.policy import Severity
from serverful.report.text import harmless
from serverful.scan import scan

TODAY = date(2026, 1, 15)
SGR = re.compile(r"\x1b\[[0-9;]*m")

# Clears a screen, sets its title, turns the reading direction, hides, breaks the line; markup of rich, HTML and Markdown.
RAW = "\x1b[2J\x1b]0;owned\x07\u202eesrever\u2066\u200b\u00ad\x85\u2028\x9b31m"
MARKUP = "[bold red]x[/bold red] <script>alert(1)</script> **b** `c` [l](http://x) | t | :smile: {{7*7}} %s ${x}"
ESCAPED = RAW.encode("unicode_escape").decode().replace("\\x", "\\u00")  # as HCL writes it in a string


def terraform(key: str = ESCAPED) -> str:
    """A root in which whatever we quote is hostile: environment, tags, reasons, comments, keys of instances, names of things."""
    markup = MARKUP.replace("${", "$${")
    return f"""
provider "aws" {{
  region = "eu-central-1"
}}

resource "aws_security_group" "group" {{
  name        = "{ESCAPED}"
  description = "{markup}"
  egress {{
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}

resource "aws_iam_role" "role" {{
  name               = "{ESCAPED}"
  assume_role_policy = "{{}}"
}}

resource "aws_iam_role_policy" "policy" {{
  role   = aws_iam_role.role.id
  policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = ["s3:GetObject{ESCAPED}", "s3:{markup}"], Resource = "*" }}] }})
}}

resource "aws_lambda_function" "failed" {{
  for_each      = toset(["{key}", "{markup}"])
  function_name = "{ESCAPED}{markup}"
  role          = aws_iam_role.role.arn
  environment {{
    variables = {{ "TABLE{ESCAPED}" = "{ESCAPED}", "NAME {markup}" = "{markup}" }}
  }}
  tags = {{ "serverful:runtime{ESCAPED}" = "{ESCAPED}", "serverful:vpc" = "{ESCAPED} {markup}" }}
  vpc_config {{
    subnet_ids         = ["subnet-{ESCAPED}", "{markup}"]
    security_group_ids = [aws_security_group.group.id]
  }}
}}

resource "aws_lambda_function" "justified" {{
  # serverful:vpc cache until=2027-03-31 owner="{RAW}{MARKUP}" because {RAW} {MARKUP}
  function_name = "justified"
  role          = aws_iam_role.role.arn
  vpc_config {{
    subnet_ids         = ["subnet-1"]
    security_group_ids = [aws_security_group.group.id]
  }}
}}

resource "aws_lambda_function" "skipped" {{
  # checkov:skip=SLS_VPC_1:{RAW} {MARKUP}
  function_name = "skipped"
  role          = aws_iam_role.role.arn
  vpc_config {{
    subnet_ids         = ["subnet-1"]
    security_group_ids = [aws_security_group.group.id]
  }}
}}

resource "aws_lambda_function" "open" {{
  function_name = "open"
  role          = aws_iam_role.role.arn
  environment {{
    variables = {{ HOST = var.absent["{ESCAPED} {markup}"] }}
  }}
  vpc_config {{
    subnet_ids         = ["subnet-1"]
    security_group_ids = [aws_security_group.group.id]
  }}
}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root of that, and a broken file of a hostile name in a folder of one."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "app").mkdir()
    (folder / "app" / "main.tf").write_text(terraform(), encoding="utf-8")
    if os.name != "nt":
        evil = folder / f"evil{RAW}\n[bold]<b>"
        evil.mkdir()
        (evil / f"broken{RAW}\n.tf").write_text('resource "aws_lambda_function" "broken" {\n')
        odd = os.fsencode(folder) + b"/bytes\xff\xfe"
        os.mkdir(odd)  # noqa: PTH102 (a name that is no text)
        (Path(os.fsdecode(odd)) / "main.tf").write_text(terraform(), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    return scan([folder], today=TODAY)


def test_every_outcome_is_among_what_is_said(run: Run) -> None:
    """Otherwise the tests below would look at nothing."""
    assert {f.verdict.outcome.value for f in run.findings} >= {"failed", "justified", "undecided"}
    assert any(finding.skipped for finding in run.findings)
    assert any("\x1b" in finding.address for finding in run.findings)
    assert os.name == "nt" or any("\n" in trouble.file for trouble in run.troubles)


def test_our_console_shows_them_and_they_do_nothing(run: Run) -> None:
    plain = as_console(run)
    assert all(harmless(line) == line for line in plain.split("\n"))
    assert "\\x1b[2J" in plain and "\\u202e" in plain and "[bold red]x[/bold red] <script>" in plain
    # Painted, it is the same text: nothing of it was taken for markup, and only we paint.
    painted = as_console(run, painted=True)
    assert [SGR.sub("", line).rstrip() for line in painted.split("\n")] == [line.rstrip() for line in plain.split("\n")]
    assert all(harmless(line) == line for line in SGR.sub("", painted).split("\n"))


def test_our_json_holds_them_as_data(run: Run) -> None:
    said = as_json(run, Severity.LOW)
    assert said.isascii() and all(line.isprintable() for line in said.split("\n"))
    assert any("\x1b[2J" in finding["address"] for finding in json.loads(said)["findings"])


# --- through Checkov ----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def by_checkov(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Checkov reports of the same, in three of its formats; from one run."""
    out, app = tmp_path_factory.mktemp("reports"), tmp_path_factory.mktemp("app")
    # No window title in the key of an instance, which Checkov prints: colorama, through which it does, stops over it (Checkov 3.3.30).
    (app / "main.tf").write_text(terraform("\\u001b[2J\\u202e"), encoding="utf-8")
    words = [
        "-d",
        str(app),
        "--external-checks-dir",
        str(REPOSITORY / "policies"),
        "--framework",
        "terraform",
        "--skip-download",
    ]
    formats = ["-o", "cli", "-o", "json", "-o", "sarif", "--output-file-path", str(out), "--check", "SLS_*", "--compact"]
    done = subprocess.run(
        [sys.executable, "-m", "checkov.main", *words, *formats],
        cwd=out,
        env=environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 1, done.stderr[-2000:]
    return {
        "cli": (out / "results_cli.txt").read_text(encoding="utf-8"),
        "json": json.loads((out / "results_json.json").read_text(encoding="utf-8")),
        "sarif": json.loads((out / "results_sarif.sarif").read_text(encoding="utf-8")),
        "stderr": done.stderr,
    }


def records(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for kind in ("passed_checks", "failed_checks", "skipped_checks"):
        yield from report["results"][kind]


def test_what_we_tell_checkov_is_harmless(by_checkov: dict[str, Any]) -> None:
    found = list(records(by_checkov["json"]))
    assert {record["check_result"]["result"] for record in found} >= {"FAILED", "SKIPPED"}
    ours = [
        line
        for record in found
        for line in (*record["details"], record["check_result"].get("suppress_comment") or "", record["check_name"])
    ]
    assert any("\\x1b[2J" in line for line in ours) and any("\\u202e" in line for line in ours)
    assert [line for line in ours if harmless(line) != line] == []


def test_our_lines_in_its_console_are_harmless(by_checkov: dict[str, Any]) -> None:
    """All that we say stands there as we said it; and what only we quote (variables, reasons) stands nowhere as it was."""
    shown = SGR.sub("", by_checkov["cli"])
    details = [line for record in by_checkov["json"]["results"]["failed_checks"] for line in record["details"]]
    assert details and [line for line in details if line.strip() not in shown] == []
    for quoted in (f"TABLE{RAW}", f"because {RAW}", f"owner {RAW}", f"subnet-{RAW}", f"GetObject{RAW}"):
        assert quoted not in by_checkov["cli"] and quoted not in by_checkov["stderr"]


def test_our_words_in_its_sarif_are_harmless(by_checkov: dict[str, Any]) -> None:
    (sarif,) = by_checkov["sarif"]["runs"]
    rules = [rule for rule in sarif["tool"]["driver"]["rules"] if rule["id"].startswith("SLS_")]
    said = [text for rule in rules for text in strings({key: rule[key] for key in rule if key != "helpUri"})]
    for result in sarif["results"]:
        assert result["ruleId"].startswith("SLS_")
        said += [*strings(result["message"]), *strings(result.get("suppressions", [])), *strings(result.get("attachments", []))]
    assert rules and any("\\x1b[2J" in text for text in said)
    lines = [line for text in said for line in text.split("\n") if not line.startswith("Resource: ")]  # that one is Checkov's own
    assert [line for line in lines if harmless(line) != line] == []


def strings(value: object) -> Iterator[str]:
    """Every text inside a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
