"""Input that nobody wrote by accident: too large, without end, shut, or built to grow. Each is refused or left undecided, by name."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import mutants
from serverful.estate import Known
from serverful.estate.model import Function
from serverful.estate.read import size, tree
from serverful.estate.read.reader import Reading, read
from serverful.finding import Run
from serverful.gate import decide
from serverful.policy import Severity
from serverful.scan import scan
from serverful.verdict import Outcome

REPOSITORY = Path(__file__).resolve().parents[2]
TODAY = date(2026, 1, 15)
PROVIDER = 'provider "aws" {\n  region = "eu-central-1"\n}\n'
FUNCTION = 'resource "aws_lambda_function" "f" {{\n  function_name = "f"\n  role          = "arn:aws:iam::123456789012:role/r"\n{0}\n}}\n'
IN_A_VPC = '  vpc_config {\n    subnet_ids         = ["subnet-1"]\n    security_group_ids = [aws_security_group.f.id]\n  }'
GROUP_AND_ROLE = 'resource "aws_security_group" "f" {}\nresource "aws_iam_role" "f" {}\n'


def scanned(folder: Path, files: dict[str, str]) -> Run:
    return scan([mutants.write(files, folder)], today=TODAY)


def reading(folder: Path, files: dict[str, str]) -> Reading:
    return read([mutants.write(files, folder)], today=TODAY)


def functions(found: Reading, root: str = ".") -> tuple[Function, ...]:
    (estate,) = (one.estate for one in found.roots if one.root == root)
    assert estate is not None
    return estate.all(Function)


def said(run: Run, file: str) -> str:
    """The one trouble about that file, whole."""
    (trouble,) = (trouble for trouble in run.troubles if trouble.file == file)
    return str(trouble)


def is_trouble(run: Run) -> bool:
    return decide(run, Severity.HIGH).exit_code == 2


# --- size ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["big.tf", "big.tf.json", "terraform.tfvars", "big.auto.tfvars.json"])
def test_a_file_of_50_mb_is_refused_by_its_size_and_the_rest_is_judged(tmp_path: Path, name: str) -> None:
    mutants.write({"a/main.tf": PROVIDER + FUNCTION.format(""), "b/main.tf": PROVIDER + FUNCTION.format("")}, tmp_path)
    with (tmp_path / "a" / name).open("wb") as file:
        file.truncate(50_000_000)  # it takes no room on most disks
    run = scan([tmp_path], today=TODAY)
    assert "50,000,000 bytes; files over 5,000,000 are not read" in said(run, f"a/{name}")
    assert (run.functions, is_trouble(run)) == (2, True)


# What a few lines can grow to. `@` is the name before; 60 times doubled, nothing could hold it.
GROWING = {
    "text": ('"ten bytes."', '"${@}${@}"'),
    "text with a hole": ("var.x", '"${@}-${@}"'),
    "a list": ('["a"]', "concat(@, @)"),
    "lists in lists": ("[var.x]", "[@, @]"),
    "maps in maps": ("{ a = var.x }", "{ a = @, b = @ }"),
    "calls in calls": ("aws_security_group.f.id", "nosuch(@, @)"),
    "choices": ("var.x", "var.y ? @ : [@]"),
    "JSON in JSON": ("{ a = var.x }", "{ a = jsonencode(@), b = jsonencode(@) }"),
    "joined text": ('"ten bytes."', "join(@, [@, @, @])"),
    "split text": ('"a,a"', 'join(",", concat(split(",", @), split(",", @)))'),
    "replaced text": ('"aa"', 'replace(@, "a", @)'),
    "numbers": ("9999999999999999999", "@ * @"),
    "products": ("range(100)", "setproduct(@, @)"),
}


@pytest.mark.parametrize("name", GROWING)
def test_values_that_grow_with_each_name_are_undecided(tmp_path: Path, name: str) -> None:
    first, each = GROWING[name]
    steps = [f"  a{n} = {each.replace('@', f'local.a{n - 1}')}" for n in range(1, 61)]
    names = "\n".join(["locals {", f"  a0 = {first}", *steps, "}", 'variable "x" {}', 'variable "y" {}', ""])
    body = "  environment {\n    variables = { HOST = local.a60, OTHER = length(local.a60) }\n  }\n  tags = { a = local.a60 }\n"
    run = scanned(tmp_path, {"main.tf": PROVIDER + names + GROUP_AND_ROLE + FUNCTION.format(body + IN_A_VPC)})
    assert run.functions == 1
    about = {finding.verdict.outcome for finding in run.findings if finding.policy.id == "SLS_VPC_1"}
    assert about and Outcome.PASSED not in about


@pytest.mark.parametrize(
    "expression",
    [
        "length([for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]])",
        "length(flatten([for a in range(1000) : [for b in range(1000) : range(1000)]]))",
        'length([for a in range(1000) : [for b in range(1000) : contains(range(1000), "x")]])',
    ],
)
def test_loops_in_loops_are_stopped_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expression: str) -> None:
    monkeypatch.setattr(tree, "MAX_WORK", size.MAX_WORK // 100)  # as it is, it takes seconds
    run = scanned(tmp_path, {"a/main.tf": PROVIDER + FUNCTION.format(f"  count = {expression}"), "b/main.tf": FUNCTION.format("")})
    assert "computes more than serverful follows" in said(run, "a")
    assert is_trouble(run) and run.roots == ["a", "b"]


def test_a_large_map_is_no_attack(tmp_path: Path) -> None:
    """Hundreds of functions from one map, each with a hundred variables merged: ordinary work stays far below the limit."""
    many = 300
    variables = "\n".join(f'    K{n} = "v{n}"' for n in range(100))
    each = f'{{ for n in range({many}) : "f${{n}}" => {{ table = "t${{n}}" }} }}'
    body = (
        "  for_each = local.all\n  environment {\n    variables = merge(local.common, { TABLE = lookup(local.all, each.key).table })\n  }"
    )
    files = {
        "locals.tf": f"locals {{\n  all = {each}\n  common = {{\n{variables}\n  }}\n}}\n",
        "main.tf": PROVIDER + FUNCTION.format(body),
    }
    found = reading(tmp_path, files)
    assert len(functions(found)) == many
    assert all(len(function.environment.variables) == 101 for function in functions(found))
    assert [trouble for one in found.roots for trouble in one.troubles] == []


def test_more_blocks_than_anybody_applies_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_BLOCKS", 30)
    subnets = "".join(f'resource "aws_subnet" "s{n}" {{\n  for_each = toset([for n in range(20) : tostring(n)])\n}}\n' for n in range(3))
    run = scanned(tmp_path, {"main.tf": PROVIDER + subnets + FUNCTION.format("  count = 20")})
    assert "makes more than 30 blocks" in said(run, "main.tf")
    assert run.functions == 1, "one stands for all"


@pytest.mark.parametrize(
    "expression",
    [
        "length(range(99999999999))",
        'cidrsubnet("10.0.0.0/8", 99999999999, 0) == "" ? 1 : 0',
        'length(cidrsubnets("10.0.0.0/8", -99999999999, 4))',
        'length(format("%99999999999d", 1))',
        'length(format("%.999999999f", 1))',
        f"{'9' * 500} / 3",
        "9" * 5_000,
        "templatestring()",
        "length(file())",
    ],
)
def test_a_number_that_nobody_can_compute_is_undecided(tmp_path: Path, expression: str) -> None:
    found = reading(tmp_path, {"main.tf": PROVIDER + FUNCTION.format(f"  count = {expression}")})
    assert [str(trouble) for one in found.roots for trouble in one.troubles if "report it" in trouble.mend] == []
    assert not any(isinstance(function.exists, Known) for function in functions(found))


@pytest.mark.parametrize(
    ("expression", "shown"),
    [(r'"\U0001F600"', "\U0001f600"), (r'"a\UFFFFFFFFb"', "a\ufffdb"), (r'"a\ud800b"', "a\ufffdb")],
)
def test_a_character_that_does_not_exist_is_replaced(tmp_path: Path, expression: str, shown: str | None) -> None:
    (function,) = functions(reading(tmp_path, {"main.tf": PROVIDER + FUNCTION.format("").replace('"f"\n', f"{expression}\n")}))
    assert getattr(function.name, "value", None) == shown


@pytest.mark.parametrize(
    ("opens", "closes"),
    [("(", ")"), ("[", "]"), ("{ a = ", " }"), ('"${', '}"'), ("!", ""), ("length([", "])"), ("x ? ", " : 1"), ("a.", "b")],
)
def test_expressions_nested_without_end(tmp_path: Path, opens: str, closes: str) -> None:
    body = f"  description = {opens * 20_000}1{closes * 20_000}"
    run = scanned(tmp_path, {"main.tf": PROVIDER + FUNCTION.format(body), "b/main.tf": FUNCTION.format("")})
    assert [str(trouble) for trouble in run.troubles if "report it" in trouble.mend] == []
    assert run.roots == [".", "b"]


def test_names_that_lead_to_names_without_end(tmp_path: Path) -> None:
    deep = "\n".join(f"  a{n} = {'[' * 90}local.a{n - 1}{']' * 90}" for n in range(1, 300))
    found = reading(tmp_path, {"main.tf": f"{PROVIDER}locals {{\n  a0 = 1\n{deep}\n}}\n" + FUNCTION.format("  tags = { a = local.a299 }")})
    assert len(functions(found)) == 1
    assert [trouble for one in found.roots for trouble in one.troubles] == []


def test_blocks_nested_without_end_are_named(tmp_path: Path) -> None:
    run = scanned(
        tmp_path, {"main.tf": PROVIDER + FUNCTION.format("  x {\n" * 20_000 + "  }\n" * 20_000), "b/main.tf": FUNCTION.format("")}
    )
    assert "nests blocks more than 50 deep" in said(run, "main.tf")
    assert (run.functions, run.roots) == (2, [".", "b"])


def test_json_and_yaml_nested_without_end(tmp_path: Path) -> None:
    files = {
        "main.tf": PROVIDER + FUNCTION.format('  tags = { a = jsondecode(file("a.json")), b = yamldecode(file("b.yaml")) }'),
        "a.json": "[" * 100_000 + "]" * 100_000,
        "b.yaml": "[" * 5_000 + "]" * 5_000,
        "more.tf.json": '{"locals": ' + "[" * 100_000 + "]" * 100_000 + "}",
    }
    run = scanned(tmp_path, files)
    assert run.functions == 1
    assert "nested too deeply" in said(run, "more.tf.json")


# --- what mutants have found, once and for all --------------------------------------------------------------------------------------


def test_division_of_what_no_float_holds(tmp_path: Path) -> None:
    """Terraform's numbers are larger than Python's floats: whatever comes out, it is no fault."""
    tags = "".join(
        f"    t{n} = {text}\n" for n, text in enumerate(["1.0e400 / 1.0e400", "1.0e400 / 1", f"{'9' * 500} / 3", "1.0e400 % 2", "-1.0e400"])
    )
    run = scanned(tmp_path, {"main.tf": PROVIDER + FUNCTION.format(f"  tags = {{\n{tags}  }}")})
    assert (run.functions, run.troubles) == (1, [])


def test_a_whole_module_among_the_environment(tmp_path: Path) -> None:
    """`module.m` instead of one of its outputs: it stands for all of them."""
    files = {
        "main.tf": PROVIDER
        + CALL.format("./m")
        + FUNCTION.format('  environment {\n    variables = { A = jsonencode(module.m), B = "${module.m}" }\n  }'),
        "m/main.tf": 'resource "aws_sqs_queue" "q" {}\noutput "x" {\n  value = aws_sqs_queue.q.url\n}\n',
    }
    (function,) = functions(reading(tmp_path, files))
    assert [[link.target for link in variable.links] for variable in function.environment.variables] == [["module.m.aws_sqs_queue.q"]] * 2


def test_half_of_a_pair_in_json(tmp_path: Path) -> None:
    function = {"function_name": "${var.x}\ud800", "role": "\udfff"}
    text = json.dumps({"provider": {"aws": {}}, "resource": {"aws_lambda_function": {"f\ud800": function}}})
    run = scanned(tmp_path, {"main.tf.json": text})
    assert (run.functions, run.troubles) == (1, [])
    assert all(len(finding.fingerprint) == 16 for finding in run.findings)


@pytest.mark.parametrize(
    ("expression", "keys"),
    [
        ('toset(["a", "b", "a"])', {"a", "b"}),
        ('distinct(["a", "b", "a"])', {"a", "b"}),
        ("toset([for n in range(1000) : tostring(n % 2)])", {"0", "1"}),
        ('setunion(["a"], ["b", "a"])', {"a", "b"}),
        ('setsubtract(["a", "b"], ["b"])', {"a"}),
    ],
)
def test_what_is_the_same_is_there_once(tmp_path: Path, expression: str, keys: set[str]) -> None:
    found = reading(tmp_path, {"main.tf": PROVIDER + FUNCTION.format(f"  for_each = toset({expression})")})
    assert {function.address for function in functions(found)} == {f'aws_lambda_function.f["{key}"]' for key in keys}


# --- what is not what it seems to be ------------------------------------------------------------------------------------------------


def test_a_fault_in_reading_one_folder_stays_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from serverful.estate.read import reader
    from serverful.estate.read.source import SourceFolder

    def stumbling(path: Path) -> SourceFolder:
        if path.name == "a":
            raise ZeroDivisionError("by zero")
        return original(path)

    original = reader.read_folder
    monkeypatch.setattr(reader, "read_folder", stumbling)
    run = scanned(tmp_path, {"a/main.tf": FUNCTION.format(""), "b/main.tf": FUNCTION.format("")})
    assert "serverful itself failed (ZeroDivisionError: by zero)" in said(run, "a")
    assert (run.functions, is_trouble(run)) == (1, True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are POSIX's")
@pytest.mark.parametrize("name", ["main.tf", "terraform.tfvars", "x.auto.tfvars.json"])
def test_a_pipe_does_not_keep_us_waiting(tmp_path: Path, name: str) -> None:
    mutants.write({"other.tf": PROVIDER + FUNCTION.format('  description = file("pipe")')}, tmp_path)
    os.mkfifo(tmp_path / name)
    os.mkfifo(tmp_path / "pipe")
    run = scan([tmp_path], today=TODAY)
    assert run.functions == 1
    assert [trouble.what for trouble in run.troubles] == (["is no ordinary file."] if name == "main.tf" else [])


def test_a_folder_with_the_name_of_a_file_is_a_folder(tmp_path: Path) -> None:
    """Terraform passes over it as well."""
    run = scanned(tmp_path, {"main.tf": FUNCTION.format(""), "odd.tf/main.tf": FUNCTION.format("")})
    assert (run.troubles, run.roots) == ([], [".", "odd.tf"])


# --- modules ------------------------------------------------------------------------------------------------------------------------

CALL = 'module "m" {{\n  source = "{0}"\n}}\n'


@pytest.mark.parametrize("source", [".", "./", "./.", "../app", "./loop", "./loop/loop"])
def test_a_module_that_calls_itself_is_trouble_and_the_rest_is_judged(tmp_path: Path, source: str) -> None:
    mutants.write({"app/main.tf": PROVIDER + CALL.format(source) + FUNCTION.format(""), "b/main.tf": FUNCTION.format("")}, tmp_path)
    (tmp_path / "app" / "loop").symlink_to(tmp_path / "app", target_is_directory=True)
    run = scan([tmp_path], today=TODAY)
    assert is_trouble(run)
    assert any("calls a module that it is part of" in trouble.what for trouble in run.troubles), [str(t) for t in run.troubles]
    assert run.functions == 2


def test_modules_that_multiply_are_bounded_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten levels, each of which calls the next one ten times: ten thousand million of them."""
    monkeypatch.setattr(tree, "MAX_MODULES", 500)
    files = {f"m{n}/main.tf": CALL.format(f"../m{n + 1}").replace("{\n", "{\n  count = 10\n") for n in range(10)}
    files["m10/main.tf"] = FUNCTION.format("")
    run = scanned(tmp_path, {**files, "m0/main.tf": PROVIDER + files["m0/main.tf"]})
    assert any("makes more than 500 module instances" in trouble.what for trouble in run.troubles)
    assert is_trouble(run)


@pytest.mark.parametrize("source", ["./gone", "../gone", "./gone/module"])
def test_a_module_whose_folder_is_missing_is_named_and_nothing_is_held_against_anybody(tmp_path: Path, source: str) -> None:
    files = {"app/main.tf": PROVIDER + CALL.format(source) + GROUP_AND_ROLE + FUNCTION.format(IN_A_VPC)}
    run = scanned(tmp_path, files)
    trouble = said(run, "app/main.tf")
    assert f'app/main.tf:4: module "m" calls {source}, and there is no such folder.' in trouble
    assert "Correct the path, or bring the folder" in trouble
    assert is_trouble(run)
    (finding,) = (finding for finding in run.findings if finding.policy.id == "SLS_VPC_1")
    assert finding.verdict.outcome is Outcome.UNDECIDED
    assert run.unread == [], "said once, where it can be mended"


def test_what_a_missing_module_would_have_given_is_undecided(tmp_path: Path) -> None:
    body = "  vpc_config {\n    subnet_ids = module.m.subnets\n    security_group_ids = module.m.groups\n  }\n"
    found = reading(tmp_path, {"main.tf": PROVIDER + CALL.format("./gone") + FUNCTION.format(body)})
    (function,) = functions(found)
    assert isinstance(function.attachment, Known) and function.attachment.value is not None
    assert {(link.target, link.origin) for link in function.attachment.value.subnets.items} == {("module.m", "module")}


# --- what may not be read -----------------------------------------------------------------------------------------------------------

NOBODY = 65_534


@pytest.fixture
def shut() -> Iterator[Path]:
    """A tree with a folder that may not be entered, one that may be listed only, and a module behind a shut door; readable otherwise."""
    folder = Path(tempfile.mkdtemp())  # not pytest's: nobody else may enter that
    mutants.write(
        {
            "open/main.tf": PROVIDER + FUNCTION.format(""),
            "shut/main.tf": FUNCTION.format(""),
            "listed/main.tf": FUNCTION.format(""),
            "caller/main.tf": PROVIDER + CALL.format("../modules/f") + GROUP_AND_ROLE + FUNCTION.format(IN_A_VPC),
            "modules/f/main.tf": FUNCTION.format(""),
        },
        folder,
    )
    folder.chmod(0o755)
    closed = {"shut": 0o000, "listed": 0o744, "modules": 0o000}
    for name, mode in closed.items():
        (folder / name).chmod(mode)
    yield folder
    for name in closed:
        (folder / name).chmod(0o755)
    shutil.rmtree(folder)


# Scans twice: with all rights, so that everything is imported, then with nobody's.
WITHOUT_RIGHTS = """
import os, sys
from serverful import cli
if cli.run(["scan", sys.argv[1], "--format", "json"]) not in (0, 1):
    sys.exit("the first scan went wrong")
print("-----")
if os.geteuid() == 0:
    os.setgroups([])
    os.setegid(int(sys.argv[3]))
    os.seteuid(int(sys.argv[3]))
sys.exit(cli.run(["scan", sys.argv[2], "--format", "json"]))
"""


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
def test_what_may_not_be_read_is_named_and_the_rest_is_judged(shut: Path) -> None:
    """The superuser may read everything, and gives up that right first."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "plugin"), "SERVERFUL_TODAY": "2026-01-15", "PYTHONDONTWRITEBYTECODE": "1"}
    words = [sys.executable, "-c", WITHOUT_RIGHTS, str(shut / "open"), str(shut), str(NOBODY)]
    done = subprocess.run(words, cwd="/", env=environment, capture_output=True, text=True, check=False)
    _, _, report = done.stdout.partition("-----\n")
    if not report and "The policies are not" in done.stderr:
        pytest.skip("only the superuser may read this clone, so nobody else can be asked to scan from it")
    assert done.returncode == 2 and "Traceback" not in done.stderr, done.stdout + done.stderr
    run = json.loads(report)
    troubles = {trouble["file"]: trouble["what"] for trouble in run["troubles"]}
    assert {"shut", "modules", "listed/main.tf", "caller/main.tf"} <= set(troubles), troubles
    assert not any("serverful itself" in what for what in troubles.values()), troubles
    assert "open" in run["roots"] and run["counts"]["functions"] >= 2
    assert not [f for f in run["findings"] if f["outcome"] == "failed" and f["policy"]["id"] == "SLS_VPC_1"], (
        "the reason may stand behind it"
    )


# --- reasons ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2027-02-29", "2026-13-01", "2026-00-10", "0000-00-00", "9999-99-99", "2026-2-3", "２０２７-01-01", "-2027-01-01"]
)
@pytest.mark.parametrize("where", ["tag", "comment"])
def test_a_day_that_does_not_exist_answers_nothing_and_is_named(tmp_path: Path, day: str, where: str) -> None:
    reason = f"cache until={day} owner=payments sessions"
    line = f'  tags = {{ "serverful:vpc" = "{reason}" }}\n' if where == "tag" else f"  # serverful:vpc {reason}\n"
    run = scanned(tmp_path, {"main.tf": PROVIDER + GROUP_AND_ROLE + FUNCTION.format(line + IN_A_VPC)})
    assert not run.of(Outcome.JUSTIFIED)
    (about,) = (finding for finding in run.findings if finding.policy.id == "SLS_RAD_3")
    assert about.is_failed and about.severity is Severity.MEDIUM
    assert f"until={day}" in str(about.verdict)
