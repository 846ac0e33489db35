"""The command line as people and pipelines meet it: text, exit codes, and nothing imported that is not needed."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import serverful.scan
from runs_by_hand import finding, trouble, unexplained, well, whole_run
from serverful import catalogue, cli
from serverful.errors import UsageError
from serverful.finding import Run
from serverful.policy import Principle, Severity
from serverful.scan import choose, skip_patterns
from serverful.settings_file import Named

TOP = Path(__file__).resolve().parents[1]
BAD = "fixtures/vpc_reaches_something_private/bad"
GOOD = "fixtures/vpc_reaches_something_private/good"
DAY = "2026-11-23"


def command(*arguments: str, cwd: Path = TOP, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "serverful", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(TOP / "plugin"), "SERVERFUL_TODAY": DAY, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


# --- with a run made by hand --------------------------------------------------------------------------------------------------------


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`given(run)`: what scan is to find. Gives back what it was asked."""

    def give(run: Run | BaseException) -> dict[str, Any]:
        asked: dict[str, Any] = {}

        def scan(paths: Any, **options: Any) -> Run:
            asked.update(options, paths=paths)
            if isinstance(run, BaseException):
                raise run
            return run

        monkeypatch.setattr(serverful.scan, "scan", scan)
        return asked

    return give


def one(*findings: Any) -> Run:
    return Run(list(findings), roots=["shop"], functions=1, policies=1)


@pytest.mark.parametrize(
    ("run", "options", "code"),
    [
        (one(finding("a", well())), [], 0),
        (one(finding("a", unexplained())), [], 1),
        (one(finding("a", unexplained())), ["--fail-on", "HIGH"], 0),
        (one(finding("a", unexplained(Severity.LOW))), ["--fail-on", "low"], 1),
        (one(finding("a", unexplained())), ["--fail-on", "never"], 0),
        (whole_run(), [], 2),
        (Run(troubles=[trouble()], roots=["stock"], policies=1), ["--fail-on", "never"], 2),
        (Run(policies=4), [], 2),
    ],
)
@pytest.mark.parametrize("form", ["console", "json"])
def test_exit_codes(given: Any, capsys: Any, run: Run, options: list[str], code: int, form: str) -> None:
    given(run)
    assert cli.run(["scan", "shop", "--format", form, *options]) == code
    said = capsys.readouterr()
    assert said.out and not said.err


def test_what_scan_is_asked(given: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVERFUL_TODAY", "2027-02-28")
    asked = given(one())
    checks = ["-c", "SLS_VPC_1, SLS_IP_1", "--check", "HIGH", "--skip-check", "SLS_RAD_*"]
    cli.run(["scan", "a", "b", *checks, "--skip-path", "a{1,2}", "--var-file", "x.tfvars"])
    assert asked["paths"] == [Path("a"), Path("b")]
    assert asked["check"] == ["SLS_VPC_1", "SLS_IP_1", "HIGH"]
    assert asked["skip_check"] == ["SLS_RAD_*"]
    assert asked["skip_path"] == ("a{1,2}",)
    assert asked["var_files"] == ("x.tfvars",)
    assert asked["today"].isoformat() == "2027-02-28"
    assert asked["config"] is None and asked["baseline"] is None
    cli.run(["scan", "a", "--config", "mine.yaml"])
    assert asked["config"] == Named("mine.yaml", "--config")
    monkeypatch.setenv("SERVERFUL_CONFIG", "ours.yaml")
    cli.run(["scan", "a"])
    assert asked["config"] == Named("ours.yaml", "SERVERFUL_CONFIG")


@pytest.mark.parametrize("day", ["tomorrow", "20261123", "2026-W48-1", "2026-02-30", " ", "2026-11-23\n"])
def test_a_day_that_is_none_is_a_usage_error(given: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    given(one())
    monkeypatch.setenv("SERVERFUL_TODAY", day)
    assert cli.run(["scan", "."]) == 2
    said = capsys.readouterr()
    assert "SERVERFUL_TODAY=" in said.err and "YYYY-MM-DD" in said.err and not said.out


@pytest.mark.parametrize(
    "arguments", [[], ["scan"], ["scan", ".", "--fail-on", "SEVERE"], ["scan", ".", "--formt", "json"], ["explain"], ["x"]]
)
def test_a_wrong_call_is_not_green(arguments: list[str], capsys: Any) -> None:
    assert cli.run(arguments) == 2
    said = capsys.readouterr()
    assert said.err and not said.out and "Traceback" not in said.err


def test_an_interruption_ends_quietly(given: Any, capsys: Any) -> None:
    given(KeyboardInterrupt())
    assert cli.run(["scan", "."]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_fault_of_our_own_is_no_finding(given: Any, capsys: Any) -> None:
    given(ZeroDivisionError("by\x1b zero"))
    assert cli.run(["scan", "."]) == 2
    said = capsys.readouterr()
    assert "ZeroDivisionError: by\\x1b zero" in said.err and "Traceback" not in said.err and "serverful --debug" in said.err
    given(ZeroDivisionError("by zero"))
    assert cli.run(["--debug", "scan", "."]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_a_narrow_encoding_loses_no_report(given: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    given(one(finding("żółw", unexplained())))
    buffer = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(buffer, encoding="ascii"))
    assert cli.run(["scan", "."]) == 1
    assert b"aws_lambda_function.\\u017c\\xf3\\u0142w" in buffer.getvalue()


@pytest.mark.parametrize(
    ("environment", "painted"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colours_are_for_terminals_and_can_be_refused(
    given: Any, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], painted: bool
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    given(one(finding("a", unexplained())))
    monkeypatch.setattr(sys, "stdout", Terminal())
    cli.run(["scan", "."])
    assert ("\x1b[" in sys.stdout.getvalue()) is painted  # type: ignore[attr-defined]


# --- which policies are asked ---------------------------------------------------------------------------------------------------------


def named(id: str, severity: Severity) -> Any:
    from serverful.estate.model import Function
    from serverful.policy import Policy

    return Policy(id, id, Principle.WITHOUT_VPC, severity, "", None, lambda *_: None, Function, "", "x.py")  # type: ignore[arg-type,return-value]


FOUR = [
    named("SLS_IP_1", Severity.HIGH),
    named("SLS_RAD_3", Severity.LOW),
    named("SLS_VPC_1", Severity.MEDIUM),
    named("SLS_VPC_7", Severity.MEDIUM),
]


@pytest.mark.parametrize(
    ("check", "skip", "ids"),
    [
        ([], [], "IP_1 RAD_3 VPC_1 VPC_7"),
        (["SLS_VPC_1"], [], "VPC_1"),
        (["SLS_VPC_*"], [], "VPC_1 VPC_7"),
        (["MEDIUM"], [], "IP_1 VPC_1 VPC_7"),
        (["high", "medium"], [], "IP_1 VPC_1 VPC_7"),
        (["HIGH", "SLS_RAD_3"], [], "IP_1 RAD_3"),
        ([], ["SLS_VPC_*"], "IP_1 RAD_3"),
        ([], ["LOW"], "IP_1 VPC_1 VPC_7"),
        ([], ["LOW", "MEDIUM"], "IP_1"),
        (["SLS_VPC_*"], ["SLS_VPC_7"], "VPC_1"),
        ([], ["CKV_AWS_117"], "IP_1 RAD_3 VPC_1 VPC_7"),
    ],
)
def test_choices_are_made_as_checkov_makes_them(check: list[str], skip: list[str], ids: str) -> None:
    assert " ".join(policy.id.removeprefix("SLS_") for policy in choose(FOUR, check, skip)) == ids


def test_our_choices_are_checkovs() -> None:
    """The same words given to Checkov's own filter choose the same policies."""
    from itertools import product

    from checkov.common.bridgecrew.severities import Severities
    from checkov.runner_filter import RunnerFilter

    words = [[], ["SLS_VPC_1"], ["SLS_VPC_*"], ["MEDIUM"], ["LOW"], ["SLS_IP_1", "LOW"], ["SLS_RAD_3", "HIGH"], ["moderate"]]
    for check, skip in product(words, words):
        theirs = RunnerFilter(checks=check, skip_checks=skip)
        expected = [p.id for p in FOUR if theirs.should_run_check(check_id=p.id, severity=Severities[p.severity.name])]
        try:
            ours = [policy.id for policy in choose(FOUR, check, skip)]
        except UsageError:
            ours = []
        assert ours == expected, (check, skip)


@pytest.mark.parametrize(
    ("check", "skip", "says"),
    [
        (["SLS_VPC_11"], [], "Did you mean SLS_VPC_1?"),
        (["CKV_AWS_117"], [], "no policy has such an id"),
        (["SLS_RUN_1"], [], "always on"),
        ([], ["SLS_*"], "leave no policy"),
        (["OFF"], [], "leave no policy"),
    ],
)
def test_a_choice_that_asks_nothing_is_refused(check: list[str], skip: list[str], says: str) -> None:
    with pytest.raises(UsageError, match=says.replace("?", r"\?")):
        choose(FOUR, check, skip)


@pytest.mark.parametrize(
    ("text", "path", "is_left_out"),
    [
        ("modules/.*/tests", "modules/net/tests", True),
        ("modules/.*/tests", "modules/net", False),
        ("^legacy", "legacy/a", True),
        ("^legacy", "a/legacy", False),
        ("./legacy", "x/./legacy", True),
        ("./legacy", "xx/legacy", False),
        (".github", "a.github", True),
        (".github", "a/github", False),
        ("*.tf", "a*.tf", True),
        ("*.tf", "main.tf", False),
        ("a+b", "a+b", True),
        ("(?i)LEGACY", "legacy/a", True),
    ],
)
def test_paths_are_left_out_as_checkov_leaves_them_out(text: str, path: str, is_left_out: bool) -> None:
    from checkov.common.runners.base_runner import filter_ignored_paths

    assert any(re.search(pattern, path) for pattern in skip_patterns(text)) is is_left_out
    names = [path]
    filter_ignored_paths("", names, [text])
    assert (not names) is is_left_out


# --- for real -------------------------------------------------------------------------------------------------------------------------


def test_every_command_explains_itself() -> None:
    for name, word in [
        ("scan", "Exit codes"),
        ("policies", "--path"),
        ("explain", "ID"),
        ("reason", "--until"),
        ("schema", "settings"),
        ("doctor", "Exit codes"),
    ]:
        done = command(name, "--help")
        assert done.returncode == 0 and word in done.stdout, name
        assert name in command("--help").stdout
    assert command("--version").stdout.startswith("serverful 0.")


def test_a_bad_and_a_good_root() -> None:
    done = command("scan", BAD, "--check", "SLS_VPC_1")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "MEDIUM  SLS_VPC_1" in done.stdout and "aws_lambda_function.orders" in done.stdout and f"{BAD}/main.tf:" in done.stdout
    assert "serverful reason aws_lambda_function.orders" in done.stdout and not done.stderr
    done = command("scan", GOOD, "--check", "SLS_VPC_1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("Clean: no findings in ") and not done.stderr


def test_json_says_the_same_twice() -> None:
    done = command("scan", BAD, "--format", "json")
    assert done.returncode == 1, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["today"] == DAY and said["counts"]["policies"] == len(catalogue.EXPECTED)
    assert "SLS_VPC_1" in {f["policy"]["id"] for f in said["findings"] if f["outcome"] == "failed"}
    assert command("scan", BAD, "--format", "json").stdout == done.stdout


# The other door, what paints, what types settings, and what evaluates: a scan begins in a tenth of a second because it waits for none.
NOT_FOR_A_SCAN = {"checkov", "networkx", "rustworkx", "rich", "pydantic", "tfparse", "concurrent.futures", "importlib.metadata"}


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["scan", BAD, "--format", "json"], NOT_FOR_A_SCAN),
        (["scan", BAD], NOT_FOR_A_SCAN),
        (["policies"], {"checkov", "rich", "tree_sitter", "tfparse"}),
        (["--help"], {"checkov", "rich", "yaml", "tree_sitter", "tfparse", "serverful.policy"}),
    ],
    ids=["json", "console", "policies", "help"],
)
def test_nothing_is_imported_that_is_not_needed(arguments: list[str], absent: set[str]) -> None:
    program = "import sys; from serverful.cli import run; code = run(sys.argv[1:]); print('modules:', *sys.modules); sys.exit(code)"
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": str(TOP / "plugin"), "SERVERFUL_TODAY": DAY},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    loaded = set(done.stdout.rpartition("modules:")[2].split())
    assert "serverful.cli" in loaded
    assert not absent & loaded


def test_wrong_settings_end_with_2_and_say_all_of_it(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text((TOP / BAD / "main.tf").read_text())
    (tmp_path / ".serverful.yaml").write_text("reason: []\nthresholds: {vpc_subnets: many}\n")
    done = command("scan", ".", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        ".serverful.yaml:1: there is no setting 'reason'; did you mean 'reasons'?",
        "  Allowed here: thresholds, organisation, reasons, var_files, pages_url.",
        ".serverful.yaml:2: `vpc_subnets` is the text 'many'; it has to be a whole number.",
        "  Change it, or leave it out for the default.",
        "Nothing is judged with settings that are not understood as a whole.",
        "All settings: README.md#settings, or `serverful schema settings`.",
    ]
    done = command("doctor", cwd=tmp_path)
    assert done.returncode == 2 and "NOT WELL  settings" in done.stdout and "did you mean" in " ".join(done.stdout.split())


def test_an_estate_begins_with_the_findings_that_it_has(tmp_path: Path) -> None:
    source = (TOP / BAD / "main.tf").read_text()
    (tmp_path / "main.tf").write_text(source)
    assert command("scan", ".", cwd=tmp_path).returncode == 1
    done = command("scan", ".", "--write-baseline", "old.json", cwd=tmp_path)
    assert done.returncode == 0 and done.stdout.startswith("Clean: no findings in 1 function, besides "), done.stdout + done.stderr
    assert re.fullmatch(r"The baseline old\.json is written: \d findings\. The next run heeds it by --baseline\.\n", done.stderr)
    before = (tmp_path / "old.json").read_text()
    assert str(tmp_path) not in before, "it holds no path of a machine"

    (tmp_path / "main.tf").write_text("# two lines\n# more\n" + source)
    done = command("scan", ".", "--baseline", "old.json", "--fail-on", "INFO", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "") and "Known since the baseline: " in done.stdout and "Notes" not in done.stdout

    (tmp_path / "main.tf").write_text(source.replace('"aws_lambda_function" "orders"', '"aws_lambda_function" "bookings"'))
    done = command("scan", ".", "--baseline", "old.json", cwd=tmp_path)
    assert done.returncode == 1 and "SLS_VPC_1 failed" in done.stdout and "aws_lambda_function.bookings" in done.stdout
    assert " match no finding any more: SLS_VPC_1 at aws_lambda_function.orders" in " ".join(done.stdout.split())
    assert (tmp_path / "old.json").read_text() == before, "reading it changes nothing"

    both = ("scan", ".", "--baseline", "old.json", "--write-baseline", "old.json", "--format", "json")
    done = command(*both, cwd=tmp_path)
    said = json.loads(done.stdout)
    assert done.returncode == 1 and said["decision"]["exit_code"] == 1, "what is new does not get in beside --baseline"
    assert done.stderr.startswith("The baseline old.json is written: 0 findings are left of it.")
    assert json.loads((tmp_path / "old.json").read_text())["findings"] == []


def test_a_baseline_that_cannot_be_used_is_not_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text((TOP / GOOD / "main.tf").read_text())
    for content in (None, "", "{}", "[" * 9):
        if content is not None:
            (tmp_path / "old.json").write_text(content)
        done = command("scan", ".", "--baseline", "old.json", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "") and done.stderr.startswith("The baseline old.json: ")
        assert "Traceback" not in done.stderr


def test_a_baseline_that_cannot_be_written_loses_no_report(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text((TOP / BAD / "main.tf").read_text())
    done = command("scan", ".", "--write-baseline", "none/old.json", cwd=tmp_path)
    assert done.returncode == 2 and "SLS_VPC_1 failed" in done.stdout and "Known since" not in done.stdout
    assert done.stderr == "The baseline was not written: there is no folder none. Make it first.\n"
    (tmp_path / "broken.tf").write_text("resource {")
    done = command("scan", ".", "--write-baseline", "old.json", cwd=tmp_path)
    assert done.returncode == 2 and "broken.tf" in done.stdout and not (tmp_path / "old.json").exists()
    assert done.stderr.startswith("The baseline old.json was not written: 1 trouble: not everything could be judged.")


def test_what_cannot_be_read_is_named_and_beats_findings(tmp_path: Path) -> None:
    for name in ("good", "broken", "binary", "utf16"):
        (tmp_path / name).mkdir()
    bad = (TOP / BAD / "main.tf").read_text()
    (tmp_path / "good/main.tf").write_text(bad)
    (tmp_path / "broken/main.tf").write_text('resource "aws_lambda_function" "a" {\n')
    (tmp_path / "binary/main.tf").write_bytes(b'\x00\xff\xfe\x80resource "aws_lambda_function" "a" {}')
    (tmp_path / "utf16/main.tf").write_text('resource "aws_lambda_function" "a" {}', encoding="utf-16")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    done = command("scan", str(tmp_path), "--format", "json")
    assert done.returncode == 2 and "Traceback" not in done.stderr, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert {trouble["file"] for trouble in said["troubles"]} >= {"broken/main.tf", "binary/main.tf", "utf16/main.tf"}
    assert {f["place"]["root"] for f in said["findings"] if f["outcome"] == "failed"} >= {"good"}


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser reads everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("")
    (tmp_path / "main.tf").chmod(0)
    done = command("scan", str(tmp_path))
    assert done.returncode == 2 and "main.tf" in done.stdout and "Traceback" not in done.stderr


def test_a_missing_and_an_empty_folder_are_not_green(tmp_path: Path) -> None:
    done = command("scan", str(tmp_path / "nowhere"))
    assert done.returncode == 2 and "nowhere" in done.stdout + done.stderr and "Traceback" not in done.stderr
    done = command("scan", str(tmp_path))
    assert done.returncode == 2 and "no terraform" in (done.stdout + done.stderr).lower() and "Traceback" not in done.stderr


def test_nothing_is_said_of_a_file_that_is_left_out_but_it_still_explains(tmp_path: Path) -> None:
    for name in ("main.tf", "legacy.tf"):
        function = name.removesuffix(".tf")
        (tmp_path / name).write_text(
            f'resource "aws_lambda_function" "{function}" {{\n  function_name = "{function}"\n  role = aws_iam_role.r.arn\n'
            '  vpc_config {\n    subnet_ids = ["subnet-1"]\n    security_group_ids = [aws_security_group.g.id]\n  }\n}\n'
        )
    (tmp_path / "shared.tf").write_text('resource "aws_iam_role" "r" {}\nresource "aws_security_group" "g" {}\n')
    run = serverful.scan.scan([tmp_path], today=date(2026, 11, 23), check=["SLS_VPC_1"], skip_path=["legacy", "shared"])
    assert [(finding.address, finding.verdict.outcome.value) for finding in run.findings] == [("aws_lambda_function.main", "failed")]


def test_a_reader_who_has_seen_enough_changes_no_verdict() -> None:
    """As in `serverful scan ... | head -1` with pipefail: the pipe is closed before anything is written."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "serverful", "scan", BAD, "--check", "SLS_VPC_1"],
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": str(TOP / "plugin"), "SERVERFUL_TODAY": DAY},
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_the_policies_and_where_they_are() -> None:
    done = command("policies")
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines() if line.startswith("SLS_")] == list(catalogue.EXPECTED)
    listed = json.loads(command("policies", "--format", "json").stdout)
    assert [policy["id"] for policy in listed["policies"]] == list(catalogue.EXPECTED)
    assert command("policies", "--path").stdout == f"{TOP / 'policies'}\n"
    assert command("policies", "--config").stdout == f"{TOP / 'plugin' / 'serverful' / 'checkov.yaml'}\n"


@pytest.mark.parametrize("id", [*catalogue.EXPECTED, "SLS_RUN_1", "sls_vpc_1"])
def test_every_policy_can_be_explained(id: str) -> None:
    done = command("explain", id)
    assert done.returncode == 0 and id.upper() in done.stdout, done.stderr


REASON = ["--category", "relational-database", "--until", "2027-03-31", "--owner", "payments", "--text", "orders ledger is in Aurora"]
VALUE = "relational-database until=2027-03-31 owner=payments orders ledger is in Aurora"


def test_a_reason_is_printed_to_be_pasted() -> None:
    done = command("reason", "aws_lambda_function.orders", *REASON)
    assert done.returncode == 0, done.stderr
    assert f'    "serverful:vpc" = "{VALUE}"\n' in done.stdout and f"    # serverful:vpc {VALUE}\n" in done.stdout
    assert "aws_lambda_function.orders" in done.stdout
    for option in ("--feature", "--key"):
        done = command("reason", "aws_lambda_function.orders", *REASON, option, "SLS_VPC_8")
        assert f"    # serverful:SLS_VPC_8 {VALUE}\n" in done.stdout, done.stderr


def test_a_pasted_entry_of_the_settings_answers(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text((TOP / BAD / "main.tf").read_text())
    printed = command("reason", "aws_lambda_function.orders", *REASON).stdout
    entry = printed.partition("below `reasons:`\n\n")[2]
    (tmp_path / ".serverful.yaml").write_text(f"reasons:\n{entry}")
    done = command("scan", str(tmp_path), "--check", "SLS_VPC_1")
    assert done.returncode == 0 and "settings at .serverful.yaml:2)" in " ".join(done.stdout.split()), done.stdout


def test_a_reason_that_no_tag_can_hold_is_a_comment() -> None:
    done = command("reason", "aws_lambda_function.orders", *REASON[:-1], "ledger (Aurora)")
    assert done.returncode == 0 and "as a tag: not possible" in done.stdout and "# serverful:vpc relational-database" in done.stdout


@pytest.mark.parametrize(("option", "value"), [("--until", "2026-11-22"), ("--until", "soon"), ("--category", "because"), ("--owner", "")])
def test_a_reason_that_would_not_count_is_not_printed(option: str, value: str) -> None:
    done = command("reason", "aws_lambda_function.orders", *REASON, option, value)
    assert done.returncode == 2 and done.stderr and not done.stdout


def test_a_pasted_reason_answers(tmp_path: Path) -> None:
    """The whole way round: a finding names the command, the command prints the line, the line answers the finding."""
    bad = (TOP / BAD / "main.tf").read_text()
    (tmp_path / "main.tf").write_text(bad)
    found = json.loads(command("scan", str(tmp_path), "--check", "SLS_VPC_1", "--format", "json").stdout)["findings"]
    assert [f["outcome"] for f in found] == ["failed"]
    printed = command("reason", found[0]["address"], *REASON).stdout
    comment = next(line for line in printed.splitlines() if line.lstrip().startswith("#"))
    head = 'resource "aws_lambda_function" "orders" {'
    (tmp_path / "main.tf").write_text(bad.replace(head, f"{head}\n{comment}\n"))
    done = command("scan", str(tmp_path), "--check", "SLS_VPC_1")
    assert done.returncode == 0 and "Justified by a recorded reason" in done.stdout and "owner payments" in done.stdout, done.stdout


def test_an_unknown_policy_is_not_explained() -> None:
    done = command("explain", "SLS_VPC_11")
    assert done.returncode == 2 and "Did you mean SLS_VPC_1?" in done.stderr and not done.stdout
