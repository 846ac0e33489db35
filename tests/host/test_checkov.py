"""The door, tried with the real Checkov: a plain clone with probes for policies, scanned as people scan."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import re
import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from ecdsa import NIST256p, SigningKey  # type: ignore[import-untyped]
from ecdsa.util import sigencode_der  # type: ignore[import-untyped]

from real_checkov import REPOSITORY, TODAY, Scan, clone, listed, probes, scan
from serverful import catalogue
from serverful.scan import scan as own_scan

PROBE, LOW, RUN = "SLS_VPC_901", "SLS_VPC_902", "SLS_RUN_1"
PROBES = Path(__file__).parent / "probes"
TITLES = {PROBE: "A probe is named well", LOW: "A probe has no bad name", RUN: "Everything in this root could be read and judged"}


def function(label: str, name: str | None = None, more: str = "") -> str:
    return f"""
resource "aws_lambda_function" "{label}" {{
  function_name = "{name or label}"
  role          = "arn:aws:iam::123456789012:role/a"
  runtime       = "python3.13"
  handler       = "a.b"
  filename      = "a.zip"
{more}
}}
"""


PROVIDER = 'provider "aws" {\n  region = "eu-central-1"\n}\n'
REASON = '  tags = { "serverful:vpc" = "cache until=2026-12-31 owner=payments the sessions are there" }'
SCANNED = {
    # Two roots with equal addresses and other verdicts; every outcome in the first.
    "one/main.tf": PROVIDER
    + function("a", "bad-one")
    + function("low")
    + function("good")
    + function("open")
    + function("raises")
    + function("said", "bad-said", REASON)
    + function("skipped", "bad-skipped", f"  # checkov:skip={PROBE}:agreed with the team")
    + function("other", "other", f"  # checkov:skip={PROBE}:nothing to skip"),
    "two/main.tf": PROVIDER + function("a", "good-two"),
    # One module, called by two roots under one name: Checkov makes one record of the two.
    "three/main.tf": PROVIDER + 'module "m" {\n  source = "../module"\n  name   = "good-three"\n}\n',
    "four/main.tf": PROVIDER + 'module "m" {\n  source = "../module"\n  name   = "bad-four"\n}\n',
    "module/main.tf": 'variable "name" {}\n' + function("this", "${var.name}"),
    # A broken file beside a good one.
    "broken/main.tf": PROVIDER + function("a", "good-beside") + function("b", "bad-beside"),
    "broken/broken.tf": 'resource "aws_lambda_function" "c" {\n  function_name = \n',
}


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scanned")
    for name, text in SCANNED.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="session")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return probes(tmp_path_factory.mktemp("clone"), *PROBES.glob("*.py")) / "policies"


@pytest.fixture(scope="session")
def plain(scanned: Path, policies: Path) -> Scan:
    return scan(scanned, policies)


# --- what is loaded -----------------------------------------------------------------------------------------------------------------


def test_a_plain_clone_loads_every_policy_and_the_record_of_trouble(tmp_path: Path) -> None:
    loaded = listed(clone(tmp_path) / "policies")
    assert {name for name, _, _ in loaded} == {*catalogue.EXPECTED, RUN}
    assert {(name, title) for name, _, title in loaded if name != RUN} == {(policy.id, policy.title) for policy in catalogue.load()}


def test_loading_again_and_again_registers_once(policies: Path) -> None:
    once, often = listed(policies), listed(policies, 20)
    assert once == often
    assert {(name, title) for name, _, title in once} == set(TITLES.items())
    assert len(once) == len(set(once))


# --- outcomes -----------------------------------------------------------------------------------------------------------------------


def test_every_outcome_comes_out_as_checkov_shows_it(plain: Scan) -> None:
    said = {resource: outcome for (file, resource), outcome in plain.of(PROBE).items() if file == "one/main.tf"}
    assert said == {
        "aws_lambda_function.a": "FAILED",
        "aws_lambda_function.low": "FAILED",
        "aws_lambda_function.good": "PASSED",
        "aws_lambda_function.raises": "FAILED",
        "aws_lambda_function.said": "SKIPPED",
        "aws_lambda_function.skipped": "SKIPPED",
        # undecided and not ours leave no record, even where a comment skips the policy
    }
    assert plain.code == 1


def test_two_roots_with_equal_addresses_keep_their_own_verdicts(plain: Scan) -> None:
    assert plain.one(PROBE, "aws_lambda_function.a", "one/main.tf").outcome == "FAILED"
    assert plain.one(PROBE, "aws_lambda_function.a", "two/main.tf").outcome == "PASSED"


def test_a_record_of_many_roots_says_the_worst_and_names_them(plain: Scan) -> None:
    record = plain.one(PROBE, "module.m.aws_lambda_function.this")
    assert (record.outcome, record.severity) == ("FAILED", "HIGH")
    assert record.details[0] == "This record stands for 2 verdicts, in 2 roots: four, three."
    assert "  module.m.aws_lambda_function.this in three passed: the name is good" in record.details


def test_details_cite_what_was_seen(plain: Scan) -> None:
    details = plain.one(PROBE, "aws_lambda_function.a", "one/main.tf").details
    assert details[:3] == ("The name is bad.", "What was seen:", "  is named bad-one · aws_lambda_function.a · one/main.tf:5")
    assert details[-1] == f"Read on: serverful explain {PROBE}"


def test_justified_is_skipped_with_reason_owner_and_end(plain: Scan) -> None:
    comment = plain.one(PROBE, "aws_lambda_function.said").comment
    assert re.fullmatch(r"cache: the sessions are there \(owner payments, until 2026-12-31, tag at one/main\.tf:\d+\)", comment)


def test_a_skip_comment_is_shown_as_one(plain: Scan) -> None:
    record = plain.one(PROBE, "aws_lambda_function.skipped")
    assert record.comment == "agreed with the team"
    assert "Skipped by a comment, without owner or end date: agreed with the team" in record.details


# --- broken is never green ----------------------------------------------------------------------------------------------------------


def test_a_policy_that_raises_is_failed_and_named(plain: Scan) -> None:
    record = plain.one(PROBE, "aws_lambda_function.raises")
    assert record.outcome == "FAILED"
    assert record.details[0].startswith(f"could not judge this resource: {PROBE} could not judge aws_lambda_function.raises: RuntimeError")
    assert all(line.isprintable() for line in record.details)
    assert any(PROBE in line for line in plain.one(RUN, "aws_lambda_function.a", "one/main.tf").details)


def test_a_broken_file_is_one_record_and_the_rest_is_judged(plain: Scan) -> None:
    assert plain.of(RUN) == {("broken/main.tf", "aws_lambda_function.a"): "FAILED", ("one/main.tf", "aws_lambda_function.a"): "FAILED"}
    record = plain.one(RUN, "aws_lambda_function.a", "broken/main.tf")
    assert record.severity == "HIGH"
    assert record.details[0].startswith("broken/broken.tf:")
    assert record.details[-1] == f"Read on: serverful explain {RUN}"
    assert plain.one(PROBE, "aws_lambda_function.a", "broken/main.tf").outcome == "PASSED"
    assert plain.one(PROBE, "aws_lambda_function.b", "broken/main.tf").outcome == "FAILED"


@pytest.fixture(scope="session")
def without(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, str]]:
    """The environment of an interpreter on which a package is not installed."""

    def hide(name: str) -> dict[str, str]:
        folder = tmp_path_factory.mktemp("hidden")
        (folder / "sitecustomize.py").write_text(
            "from importlib.machinery import PathFinder\n"
            "find_spec = PathFinder.find_spec\n"
            f"PathFinder.find_spec = lambda name, *more: None if name == {name!r} else find_spec(name, *more)\n"
        )
        return {"PYTHONPATH": str(folder)}

    return hide


@pytest.mark.parametrize("package", ["tfparse", "tree_sitter_hcl"])
def test_without_what_reads_terraform_every_root_with_a_function_says_so_once(
    scanned: Path, policies: Path, without: Callable[[str], dict[str, str]], package: str
) -> None:
    done = scan(scanned, policies, env=without(package))
    assert {record.id for record in done.records} == {RUN}
    assert done.of(RUN) == {
        ("one/main.tf", "aws_lambda_function.a"): "FAILED",
        ("two/main.tf", "aws_lambda_function.a"): "FAILED",
        ("three/main.tf", "m"): "FAILED",
        ("four/main.tf", "m"): "FAILED",
        ("broken/main.tf", "aws_lambda_function.a"): "FAILED",
    }
    assert all(any('pip install "tfparse' in line for line in record.details) for record in done.records)
    assert done.code == 1


def test_a_root_nobody_could_judge_is_not_green_where_the_record_of_trouble_is_filtered_out(
    scanned: Path, policies: Path, without: Callable[[str], dict[str, str]]
) -> None:
    done = scan(scanned, policies, "--check", PROBE, env=without("tfparse"))
    assert {record.id for record in done.records} == {PROBE}
    # Checkov asks about the function in the module for two roots at once, and one of them has said it on its own call before.
    assert {file for file, _ in done.of(PROBE)} == {"one/main.tf", "two/main.tf", "four/main.tf", "module/main.tf", "broken/main.tf"}
    assert all(record.outcome == "FAILED" and record.details[0] == "could not judge this resource:" for record in done.records)


def test_a_policy_file_that_cannot_be_imported_is_named(scanned: Path, tmp_path: Path) -> None:
    made = probes(tmp_path, PROBES / "probe_by_name.py") / "policies"
    (made / "probes" / "half_written.py").write_text("import _clone\n\n\ndef half_written(:\n")
    done = scan(scanned, made)
    named = [record for record in done.records if record.id == RUN and any("probes/half_written.py" in line for line in record.details)]
    assert len(named) == 1
    assert done.one(PROBE, "aws_lambda_function.a", "two/main.tf").outcome == "PASSED"


def test_a_day_that_is_none_is_said(scanned: Path, policies: Path) -> None:
    done = scan(scanned / "two", policies, env={"SERVERFUL_TODAY": "tomorrow"})
    assert [record.id for record in done.records] == [RUN]
    assert any("SERVERFUL_TODAY='tomorrow' is no day" in line for line in done.records[0].details)


def test_the_day_is_the_environments(scanned: Path, policies: Path) -> None:
    done = scan(scanned / "one", policies, env={"SERVERFUL_TODAY": "2027-01-01"})
    assert done.one(PROBE, "aws_lambda_function.said").outcome == "FAILED", "the reason ended with 2026"


# --- Checkov's own options ----------------------------------------------------------------------------------------------------------


def test_networkx_and_rustworkx_agree(plain: Scan, scanned: Path, policies: Path) -> None:
    other = scan(scanned, policies, env={"CHECKOV_GRAPH_FRAMEWORK": "NETWORKX"})
    assert sorted(other.records, key=repr) == sorted(plain.records, key=repr)


def test_the_record_of_a_graded_finding_shows_its_grade(plain: Scan) -> None:
    assert plain.one(PROBE, "aws_lambda_function.low").severity == "LOW"
    assert plain.one(PROBE, "aws_lambda_function.good").severity == "HIGH"


def test_a_filter_by_severity_sees_the_policys_highest(plain: Scan, scanned: Path, policies: Path) -> None:
    high = scan(scanned, policies, "--check", "HIGH")
    assert high.of(LOW) == {}
    assert high.of(PROBE) == plain.of(PROBE), "a grade of one resource is not the filter of the next"
    assert high.of(RUN) == plain.of(RUN)


def test_skip_check_by_severity_and_by_id(plain: Scan, scanned: Path, policies: Path) -> None:
    skipped = scan(scanned, policies, "--skip-check", f"LOW,{RUN}")
    assert skipped.of(LOW) == skipped.of(RUN) == {}
    assert skipped.of(PROBE) == plain.of(PROBE)


@pytest.mark.parametrize(("soft", "code"), [("LOW", 0), ("INFO", 1)])
def test_soft_fail_goes_by_the_grade(policies: Path, tmp_path: Path, soft: str, code: int) -> None:
    (tmp_path / "main.tf").write_text(PROVIDER + function("low") + function("good"))
    done = scan(tmp_path, policies, "--check", "SLS_*", "--soft-fail-on", soft)
    assert done.one(PROBE, "aws_lambda_function.low").severity == "LOW"
    assert done.code == code


def test_what_checkov_leaves_out_calls_nobody(policies: Path, tmp_path: Path) -> None:
    """A reusable module beside its examples: without them it is judged by itself, and its own defaults decide nothing."""
    (tmp_path / "main.tf").write_text('variable "name" {\n  default = "bad"\n}\n' + function("this", "${var.name}"))
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "main.tf").write_text(PROVIDER + 'module "m" {\n  source = ".."\n  name   = "good"\n}\n')
    # Checkov lists the called folder as a root of its own, sometimes as a module as well; we judge it in its caller only.
    found = scan(tmp_path, policies).of(PROBE)
    assert set(found.values()) == {"PASSED"}
    assert ("main.tf", "aws_lambda_function.this") in found
    assert scan(tmp_path, policies, "--skip-path", "examples").of(PROBE) == {}, "its name is decided by a caller nobody scanned"


def test_a_function_behind_a_module_that_is_not_here_is_shown_on_the_call(policies: Path, tmp_path: Path) -> None:
    def call(label: str, name: str, more: str = "") -> str:
        source = "terraform-aws-modules/lambda/aws"
        return f'module "{label}" {{\n  source = "{source}"\n  function_name = "{name}"\n{more}}}\n'

    made = call("a", "bad-a") + call("b", "good-b") + call("none", "bad-none", "  create = false\n") + call("crash", "raises")
    many = call("many", "bad-${each.key}", '  for_each = toset(["x"])\n')
    local = 'module "local" {\n  source = "./local"\n}\nmodule "theirs" {\n  source = "acme/lambda/aws"\n}\n'
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "main.tf").write_text(function("this", "bad-local"), "utf-8")
    (tmp_path / "main.tf").write_text(PROVIDER + made + many + local, "utf-8")
    done = scan(tmp_path, policies)
    assert done.of(PROBE) == {
        ("main.tf", "a"): "FAILED",
        ("main.tf", "b"): "PASSED",
        ("main.tf", "crash"): "FAILED",
        ("main.tf", 'many["x"]'): "FAILED",
        ("local/main.tf", "module.local.aws_lambda_function.this"): "FAILED",
    }
    assert "1 module call leads to a module that is not here (acme/lambda/aws), so what it makes was not judged." in done.stderr
    crash = done.one(PROBE, "crash").details[0]
    assert "could not judge module.crash.aws_lambda_function.this[0]: RuntimeError" in crash


def test_one_file_is_judged_in_its_folder(scanned: Path, policies: Path) -> None:
    done = scan(["-f", str(scanned / "two" / "main.tf")], policies)
    assert done.of(PROBE) == {("main.tf", "aws_lambda_function.a"): "PASSED"}


def test_all_frameworks_at_once(scanned: Path, policies: Path, tmp_path: Path) -> None:
    """Checkov then loads every file many times, in processes of their own, and asks about JSON without a graph."""
    shutil.copytree(scanned / "two", tmp_path / "two")
    (tmp_path / "json").mkdir()
    (tmp_path / "json" / "main.tf.json").write_text('{"resource": {"aws_lambda_function": {"a": {"function_name": "bad"}}}}')
    done = scan(tmp_path, policies, "--framework", "all", "--check", "SLS_*")
    assert done.of(PROBE) == {("two/main.tf", "aws_lambda_function.a"): "PASSED"}
    assert done.of(RUN) == {}
    assert "serverful judges /json/main.tf.json only in `serverful scan`" in done.stderr


def test_a_plan_gets_the_verdicts_of_our_own_command() -> None:
    plan = REPOSITORY / "fixtures" / "estates" / "legacy_vpc" / "plan.json"
    done = scan(["-f", str(plan)], REPOSITORY / "policies", "--framework", "terraform_plan")
    ours = own_scan([plan], today=date.fromisoformat(TODAY))
    expected = sorted((f.policy.id, f.address) for f in ours.findings if f.is_failed)
    assert expected, "a plan in which nothing fails proves nothing"
    assert sorted((record.id, record.resource) for record in done.records if record.outcome == "FAILED") == expected


def test_a_plan_that_ended_with_errors_is_not_green(policies: Path, tmp_path: Path) -> None:
    plan = json.loads((REPOSITORY / "fixtures" / "estates" / "legacy_vpc" / "plan.json").read_text("utf-8"))
    (tmp_path / "plan.json").write_text(json.dumps({**plan, "errored": True}))
    done = scan(["-f", str(tmp_path / "plan.json")], policies, "--framework", "terraform_plan")
    assert [record.id for record in done.records] == [RUN]
    assert any("ended with errors" in line for line in done.records[0].details)


# --- signatures ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[SigningKey, Path]:
    """A key as Checkov wants it (ECDSA P-256) and the file of its public half."""
    secret = SigningKey.generate(NIST256p)
    public = tmp_path_factory.mktemp("key") / "public.pem"
    public.write_bytes(secret.verifying_key.to_pem())
    return secret, public


def sign(folder: Path, secret: SigningKey) -> None:
    for file in folder.rglob("*.py"):
        body = file.read_bytes()
        assert body, f"{file} is empty: Checkov says that its signature is missing"
        signature = secret.sign_deterministic(body, hashfunc=hashlib.sha256, sigencode=sigencode_der)
        file.write_bytes(body + b"# checkov-digest: " + signature.hex().encode() + b"\n")


def test_signed_policies_beside_an_unsigned_plugin_are_refused(scanned: Path, tmp_path: Path, key: tuple[SigningKey, Path]) -> None:
    made = probes(tmp_path, *PROBES.glob("*.py")) / "policies"
    sign(made, key[0])
    done = scan(scanned / "two", made, "--external-checks-public-key", str(key[1]))
    assert done.records == ()
    assert "Install serverful from its wheel and use the policies it brings: serverful policies --path" in done.stderr


def test_signed_policies_of_an_installed_serverful_judge(scanned: Path, tmp_path: Path, key: tuple[SigningKey, Path]) -> None:
    made = probes(tmp_path / "clone", *PROBES.glob("*.py"))
    installed = tmp_path / "installed"
    (made / "plugin").rename(installed)
    sign(made / "policies", key[0])
    options = ("--external-checks-public-key", str(key[1]))
    done = scan(scanned / "two", made / "policies", *options, env={"PYTHONPATH": str(installed)})
    assert done.of(PROBE) == {("main.tf", "aws_lambda_function.a"): "PASSED"}, done.stderr


def test_the_real_policies_can_be_signed(tmp_path: Path, key: tuple[SigningKey, Path]) -> None:
    sign(clone(tmp_path) / "policies", key[0])


def test_this_is_the_checkov_we_know() -> None:
    """Everything above was tried on 3.3.30; on another version it is tried again by running this file."""
    version = tuple(int(part) for part in importlib.metadata.version("checkov").split(".")[:3])
    assert (3, 3, 30) <= version < (4,)
    assert sys.version_info >= (3, 11)
    assert (REPOSITORY / "policies" / "_clone.py").is_file()
