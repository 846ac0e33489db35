"""SARIF, by the schema that OASIS publishes and by what GitHub makes of it.

sarif-schema-2.1.0.json is an unchanged copy of sarif-2.1/schema/sarif-schema-2.1.0.json of github.com/oasis-tcs/sarif-spec at e058381
(SARIF 2.1.0 errata 01). OASIS publishes it for everybody's use, under its IPR policy (LICENSE.md there).
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estates_by_hand import place
from expectations import ESTATES
from runs_by_hand import asks_for_private_things, finding, justified, open_question, recorded, trouble, unexplained, well, whole_run
from serverful import catalogue
from serverful.evidence.evidence import Evidence
from serverful.finding import Finding, Run, Trouble
from serverful.policy import Severity
from serverful.record.read import record_from
from serverful.record.v1 import RunV1
from serverful.report import sarif as sarif_report
from serverful.report.json_v1 import to_json
from serverful.report.sarif import MOST_RESULTS, to_sarif
from serverful.report.sarif_places import artifact
from serverful.report.sarif_rules import SECURITY
from serverful.report.sarif_text import ITEMS, LONGEST, link, plain
from serverful.report.text import harmless
from serverful.scan import scan
from serverful.verdict import failed
from snapshots import agrees_with_snapshot

HERE = Path(__file__).resolve().parent
# A link in a plain text message (3.11.6): its text holds no bare bracket and no bare backslash.
LINK = re.compile(r"\[((?:[^\\\[\]]|\\[\\\[\]])*)\]\(([^)]*)\)")
HASH = "primaryLocationLineHash"


@cache
def validator() -> jsonschema.Draft4Validator:
    return jsonschema.Draft4Validator(json.loads((HERE / "sarif-schema-2.1.0.json").read_text(encoding="utf-8")))


def text_of(record: RunV1) -> str:
    return "".join(to_sarif(record))


def sarif(record: RunV1) -> Any:
    """The one run of the report, after the schema has been asked."""
    text = text_of(record)
    assert text.isascii()
    whole = json.loads(text)
    validator().validate(whole)
    (run,) = whole["runs"]
    return run


def results(*findings: Finding, **of_run: Any) -> list[Any]:
    made: list[Any] = sarif(recorded(Run(list(findings), roots=["shop"], policies=1, asked=[asks_for_private_things], **of_run)))["results"]
    return made


def physical(location: Any) -> tuple[str, int]:
    where = location["physicalLocation"]
    return where["artifactLocation"]["uri"], where.get("region", {}).get("startLine", 0)


@pytest.fixture(scope="module")
def legacy() -> RunV1:
    return recorded(scan([ESTATES / "legacy_vpc"], today=date(2026, 11, 23)))


# --- the whole ----------------------------------------------------------------------------------------------------------------------


def test_the_report_of_a_whole_run() -> None:
    record = recorded(whole_run())
    sarif(record)
    agrees_with_snapshot(text_of(record) + "\n", "whole_run.sarif")


def test_a_record_that_was_read_again_gives_the_same_text() -> None:
    record = recorded(whole_run())
    assert text_of(record_from(to_json(record).encode(), "run.json")) == text_of(record)


def test_what_is_no_problem_is_no_result() -> None:
    """GitHub takes every result for a problem, whatever its kind says."""
    assert results(finding("well", well()), finding("open", open_question())) == []
    run = sarif(recorded(Run([finding("open", open_question())], roots=["shop"], policies=1)))
    assert run["properties"]["counts"]["undecided"] == 1
    assert [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]] == [
        "1 answer undecided: `serverful scan` lists them, and what would decide."
    ]


def test_worst_first_and_what_is_answered_last() -> None:
    levels = [(result["ruleId"], result["level"], bool(result["suppressions"])) for result in sarif(recorded(whole_run()))["results"]]
    assert levels == [
        ("SLS_RUN_1", "error", False),
        ("SLS_IP_1", "error", False),
        ("SLS_VPC_1", "warning", False),
        ("SLS_VPC_1", "warning", False),
        ("SLS_VPC_1", "note", False),
        ("SLS_VPC_1", "none", True),
        ("SLS_VPC_1", "none", True),
        ("SLS_VPC_1", "none", True),
    ]


# --- a result -----------------------------------------------------------------------------------------------------------------------


def test_the_message_carries_the_evidence_and_leads_to_its_places() -> None:
    (result,) = results(finding("a", unexplained()))
    assert result["message"]["text"].split("\n") == [
        "aws_lambda_function.a: Nothing here says why it is in a VPC.",
        "What was seen:",
        "- is attached to a VPC · aws_lambda_function.a · [shop/main.tf:3](1)",
        "Looked at, and not found:",
        "- a rule to a database",
        "Better: leave the VPC.",
        "If there is a reason: record it with an owner and an end date. The lines to paste come from",
        "  serverful reason aws_lambda_function.a --feature vpc --category … --until … --owner …",
        "Read on: serverful explain SLS_VPC_1",
    ]
    (related,) = result["relatedLocations"]
    assert (related["id"], physical(related), related["message"]["text"]) == (1, ("shop/main.tf", 3), "is attached to a VPC")


def test_it_stands_on_the_one_line_that_tells_most() -> None:
    (result,) = results(finding("a", unexplained()))
    (location,) = result["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": 1, "endLine": 1}  # the evidence ends outside of the block
    inside = failed("it is in a VPC", Evidence("vpc_config", place("aws_lambda_function.a", "shop/main.tf", 4, end_line=6, root="shop")))
    (result,) = results(finding("a", inside))
    assert physical(result["locations"][0]) == ("shop/main.tf", 4)
    assert result["locations"][0]["physicalLocation"]["region"]["endLine"] == 4
    assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "aws_lambda_function.a", "kind": "resource"}]


def test_the_telling_lines_of_a_design(legacy: RunV1) -> None:
    told = {
        (result["ruleId"], (ESTATES.parent.parent / uri).read_text(encoding="utf-8").splitlines()[line - 1].strip())
        for result in sarif(legacy)["results"]
        for uri, line in [physical(result["locations"][0])]
    }
    assert ("SLS_VPC_1", "vpc_config {") in told


def test_a_recorded_reason_is_a_suppression() -> None:
    (result,) = results(finding("ledger", justified(), line=40))
    (suppression,) = result["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("inSource", "accepted")
    assert suppression["justification"] == "relational-database: orders ledger is in Aurora (owner payments, until 2027-03-31)"
    assert physical(suppression["location"]) == ("shop/main.tf", 44)
    assert (result["kind"], result["level"], result["properties"]) == (
        "informational",
        "none",
        {"outcome": "justified", "severity": "MEDIUM"},
    )
    assert "Justified: relational-database: orders ledger is in Aurora" in result["message"]["text"]


def test_a_reason_in_the_settings_is_an_external_one() -> None:
    verdict = justified()
    assert verdict.reason is not None
    at = place("reasons[0]", ".serverful.yaml", 7)
    (result,) = results(finding("a", unexplained().justified_by(replace(verdict.reason, source="settings", place=at))))
    assert [(one["kind"], physical(one["location"])) for one in result["suppressions"]] == [("external", (".serverful.yaml", 7))]


def test_what_is_skipped_or_known_is_suppressed_as_well() -> None:
    skipped, known, both = results(
        finding("a", unexplained(), skipped=""),
        replace(finding("b", unexplained()), in_baseline=True),
        replace(finding("c", unexplained(), skipped="for now"), in_baseline=True),
    )
    assert [(one["kind"], one["justification"]) for one in skipped["suppressions"]] == [("inSource", "no reason given")]
    assert [(one["kind"], one["justification"]) for one in known["suppressions"]] == [
        ("external", "It was there when the baseline was written.")
    ]
    assert [one["kind"] for one in both["suppressions"]] == ["inSource", "external"]
    assert {result["level"] for result in (skipped, known, both)} == {"none"}


def test_with_a_baseline_every_result_says_whether_it_is_new() -> None:
    run = whole_run()
    states = Counter(result["baselineState"] for result in sarif(recorded(run))["results"])
    assert states == {"new": 7, "unchanged": 1}
    run.findings = [one for one in run.findings if not one.in_baseline]
    assert all("baselineState" not in result for result in sarif(recorded(run))["results"])


def test_what_a_plan_holds_has_no_line_and_an_identity_of_its_own() -> None:
    one, other = (
        Finding(
            asks_for_private_things, f"aws_lambda_function.{name}", place(name, "plan.json", 0, end_line=0, root="plan.json"), unexplained()
        )
        for name in "ab"
    )
    first, second = results(one, other)
    assert physical(first["locations"][0]) == ("plan.json", 0)
    assert "region" not in first["locations"][0]["physicalLocation"]
    assert first["partialFingerprints"] == {HASH: f"{one.fingerprint}:1"}
    assert first["partialFingerprints"] != second["partialFingerprints"]


def test_what_stands_outside_the_repository_is_shown_at_the_call_inside() -> None:
    address = "module.a.aws_lambda_function.a"
    calls = (place("module.b", "../beside/main.tf", 9), place("module.a", "shop/main.tf", 5))
    outside = Finding(asks_for_private_things, address, place(address, "../modules/main.tf", 3), unexplained(), calls=calls)
    (result,) = results(outside)
    assert physical(result["locations"][0]) == ("shop/main.tf", 5)


# --- identity -----------------------------------------------------------------------------------------------------------------------


def test_identity_stays_when_lines_move(tmp_path: Path, legacy: RunV1) -> None:
    def identities(run: Any) -> dict[str, str]:
        return {result["fingerprints"]["serverful/v1"]: result["partialFingerprints"][HASH] for result in run["results"]}

    root = tmp_path / "shop" / "infra"
    shutil.copytree(ESTATES / "legacy_vpc", root, ignore=shutil.ignore_patterns("*.json"))
    (root.parent / ".git").mkdir()
    before = sarif(recorded(scan([root], today=date(2026, 11, 23))))
    for file in root.glob("*.tf"):
        file.write_text("# a line\n\n# and another\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    after = sarif(recorded(scan([root], today=date(2026, 11, 23))))
    assert len(before["results"]) == len(legacy.findings) - legacy.counts.passed > 20
    assert identities(after) == identities(before)
    lines = [[physical(result["locations"][0]) for result in run["results"]] for run in (before, after)]
    assert lines[1] == [(uri, line + 3) for uri, line in lines[0]]
    assert {uri.rpartition("/")[0] for uri, _ in lines[0]} == {"infra"}  # relative to the git top level, as GitHub wants it
    # The same hashes where they were scanned in this repository: nothing of the path is in them.
    assert set(identities(sarif(legacy)).values()) == set(identities(before).values())


def test_the_category_says_what_was_scanned_and_nothing_of_this_machine() -> None:
    def category(*scanned: str, **more: Any) -> str:
        return str(sarif(recorded(Run(roots=["a"], policies=1, scanned=list(scanned), **more)))["automationDetails"]["id"])

    assert category(".") == "serverful/source/"
    assert category("infra/prod") == "serverful/source/infra/prod/"
    assert category("b", "a") == category("a", "b") == "serverful/source/a+b/"
    assert category("/home/somebody/shop") == "serverful/source/shop/"
    assert category("plan.json", kind="plan") == "serverful/plan/plan.json/"
    assert category("a", "plan.json", kind="source and plan") == "serverful/source-and-plan/a+plan.json/"
    many = category(*(f"folder{number}/main.tf" for number in range(100)))
    assert re.fullmatch(r"serverful/source/100-paths-[0-9a-f]{16}/", many)


# --- broken is never green ----------------------------------------------------------------------------------------------------------


def test_trouble_is_a_result_and_an_unsuccessful_run() -> None:
    run = sarif(recorded(Run(troubles=[trouble()], roots=["stock"], policies=1)))
    (result,) = run["results"]
    assert (result["ruleId"], result["level"], physical(result["locations"][0])) == ("SLS_RUN_1", "error", ("stock/main.tf", 7))
    assert result["message"]["text"] == "stock/main.tf:7: The file cannot be parsed.\nIts functions were not judged.\nMend line 7."
    (invocation,) = run["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)
    (notification,) = invocation["toolExecutionNotifications"]
    assert (notification["level"], notification["associatedRule"]["id"]) == ("error", "SLS_RUN_1")


@pytest.mark.parametrize(
    ("root", "expected"),
    [("shop", "shop/main.tf"), ("else", "else"), ("", "."), ("a b, c", "a%20b%2C%20c")],
    ids=["found", "root", "none", "paths"],
)
def test_trouble_without_a_file_stands_somewhere(root: str, expected: str) -> None:
    """GitHub refuses a whole upload for one result without a place."""
    result, *_ = results(finding("a", unexplained()), troubles=[Trouble(root, "What.", "Means.", "Mend.")])
    assert physical(result["locations"][0]) == (expected, 0)
    assert re.fullmatch(r"[0-9a-f]{16}:1", result["partialFingerprints"][HASH])


def test_a_run_that_judged_nothing_is_not_successful() -> None:
    (invocation,) = sarif(recorded(Run()))["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [(one["level"], one["message"]["text"]) for one in invocation["toolExecutionNotifications"]] == [
        ("error", ".: No Terraform was read, so nothing was judged.\nThat is no pass.")
    ]


# --- rules --------------------------------------------------------------------------------------------------------------------------


def test_every_policy_is_a_rule_with_help(legacy: RunV1) -> None:
    rules = sarif(legacy)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [*(policy.id for policy in legacy.policies), "SLS_RUN_1"]
    policies = {policy.id: policy for policy in legacy.policies}
    for rule in rules[:-1]:
        policy = policies[rule["id"]]
        assert rule["shortDescription"]["text"] == policy.title
        assert rule["help"]["markdown"].startswith(f"## Why\n\n{policy.why.splitlines()[0]}")
        assert policy.recommendation in rule["help"]["markdown"].replace("{{", "{").replace("}}", "}")
        assert f"`serverful explain {policy.id}`" in rule["help"]["markdown"]
        assert f"--feature {policy.feature or policy.id} " in rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] == {"HIGH": "error", "MEDIUM": "warning"}.get(policy.severity, "note")


def test_rules_keep_within_what_github_takes(legacy: RunV1) -> None:
    for rule in sarif(legacy)["tool"]["driver"]["rules"]:
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]{,254}", rule["name"])
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert len(rule["properties"]["tags"]) <= 10
        assert rule["properties"]["precision"] in ("very-high", "high")
        assert rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")


def test_every_rule_is_graded_and_only_those_about_security_say_so(legacy: RunV1) -> None:
    rules = {rule["id"]: rule["properties"] for rule in sarif(legacy)["tool"]["driver"]["rules"]}
    assert {policy.id for policy in catalogue.load()} >= SECURITY
    assert all("security-severity" in properties for properties in rules.values())
    assert {rule for rule, properties in rules.items() if "security" in properties["tags"]} == SECURITY
    assert rules["SLS_ID_1"]["security-severity"] == "8.0"  # high
    assert rules["SLS_VPC_9"]["security-severity"] == "5.5"  # medium
    assert rules["SLS_ID_5"]["security-severity"] == "2.0"  # low
    assert rules["SLS_FLOW_5"]["security-severity"] == "0.0"  # a question, no severity
    assert rules["SLS_RUN_1"]["security-severity"] == "8.0"


def test_a_rule_leads_to_its_hosted_page_and_never_to_anything_else() -> None:
    record = recorded(whole_run())
    urls = ["https://example.com/a.md", None, "javascript:alert(1)", "https://example.com/a b"]
    policies = [replace(record.policies[0], page=url) for url in urls]
    rules = [sarif(replace(record, policies=[policy]))["tool"]["driver"]["rules"][0] for policy in policies]
    assert [rule.get("helpUri") for rule in rules] == ["https://example.com/a.md", None, None, None]


def test_a_finding_whose_policy_is_not_listed_has_a_rule_all_the_same() -> None:
    run = sarif(replace(recorded(whole_run()), policies=[]))
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert sorted(ids) == ["SLS_IP_1", "SLS_RUN_1", "SLS_VPC_1"]
    assert all(ids[result["ruleIndex"]] == result["ruleId"] for result in run["results"])


# --- limits -------------------------------------------------------------------------------------------------------------------------


def test_more_results_than_github_takes_are_counted_and_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_RESULTS == 25_000, "by GitHub's documents; here a hundredth shows the same"
    most = 250
    monkeypatch.setattr(sarif_report, "MOST_RESULTS", most)
    record = recorded(
        Run([finding("a", unexplained()), finding("b", unexplained(Severity.LOW))], roots=["shop"], policies=1, troubles=[trouble()])
    )
    medium, low = record.findings
    run = sarif(replace(record, findings=[*[low] * 20, *[medium] * (most - 11)]))
    assert len(run["results"]) == most
    assert Counter(result["level"] for result in run["results"]) == {"error": 1, "warning": most - 11, "note": 10}
    said = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert said[0].startswith("10 results (10 LOW) are left out, the least ones")


def test_long_lists_and_texts_are_cut_with_a_count() -> None:
    seen = [Evidence(f"thing {number}", place("a", "shop/main.tf", number + 1)) for number in range(500)]
    verdict = failed("x" * 100_000, *seen, missed=tuple(f"look {number}" for number in range(300)))
    (result,) = results(finding("a", verdict))
    text = result["message"]["text"]
    assert "- and 480 more\n" in text and "- and 280 more\n" in text
    assert f"… ({100_000 - LONGEST + 1:,} more characters)" in text.split("\n")[0]
    assert len(result["relatedLocations"]) == ITEMS <= 100
    assert len(text) < 10_000


# --- text from elsewhere ------------------------------------------------------------------------------------------------------------

NASTY = [
    "[here](1)",
    "[here](https://example.com)",
    "\\](2)",
    "a\\\\](3)[",
    "{0} {1} {{2}} }{",
    "${var.name}",
    "\x1b[2J\x07",
    "\u202egnp.exe\u2066",
    "a\u200bb\ufeff\u2028",
    "\udcff\ud800",
    "<img src=x onerror=alert(1)>",
    "`code` **bold** | table\n# heading\r\n",
    "::error file=x::y",
    "é名😀",
    "x" * 3000,
    "",
    'a[0].b["k"]',
    "../../etc",
    "/abs#frag?query",
    "C:\\x y",
]
HOSTILE = st.one_of(st.sampled_from(NASTY), st.lists(st.sampled_from(NASTY), max_size=4).map("".join), st.text(max_size=40))
# What is chosen from a list of our own words, and what other fields are looked up by.
OURS = frozenset({"version", "outcome", "severity", "kind", "basis", "door", "fail_on", "source", "layer", "standing", "id"})


def with_texts(value: Any, text: Callable[[], str], name: str = "") -> Any:
    """The same record with other texts wherever anybody's text stands."""
    if isinstance(value, str):
        return value if name in OURS else text()
    if isinstance(value, list):
        return [with_texts(one, text, name) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: with_texts(getattr(value, field.name), text, field.name) for field in fields(value)})
    return value


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_nobodys_text_breaks_the_report(data: st.DataObject) -> None:
    texts = data.draw(st.lists(HOSTILE, min_size=1, max_size=6))
    turn = iter(range(10**9))
    record = with_texts(recorded(whole_run()), lambda: texts[next(turn) % len(texts)])
    run = sarif(record)
    assert json.dumps(run, ensure_ascii=False).encode()  # no lone surrogate is left
    for result in run["results"]:
        text = result["message"]["text"]
        assert is_shown(text)
        related = {location["id"] for location in result.get("relatedLocations", ())}
        assert [int(match[2]) for match in LINK.finditer(text)] == sorted(related)
    for notification in run["invocations"][0]["toolExecutionNotifications"]:
        text = notification["message"]["text"]
        assert is_shown(text) and LINK.search(text) is None
    for rule in run["tool"]["driver"]["rules"]:
        assert len(rule["shortDescription"]["text"]) <= 1024 and len(rule["fullDescription"]["text"]) <= 1024


def is_shown(text: str) -> bool:
    without_braces = re.sub(r"\{\{|\}\}", "", text)
    return all(harmless(line) == line for line in text.split("\n")) and "{" not in without_braces and "}" not in without_braces


@given(st.text(alphabet="ab[](){}\\0\n"))
def test_no_text_is_a_link_or_a_placeholder(text: str) -> None:
    shown = plain(text)
    assert LINK.search(shown) is None
    assert is_shown(shown)
    linked = f"{shown} · {link(text, 7)} · {shown}"
    (match,) = LINK.finditer(linked)
    assert match[2] == "7"
    # A reader gets the text back: it takes backslashes away, and halves braces.
    unescaped = re.sub(r"\\([\\\[\]])", r"\1", match[1]).replace("{{", "{").replace("}}", "}")
    assert unescaped == text.replace("\n", "\\n")


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("main.tf", "main.tf"),
        ("a b/c#d?e%f.tf", "a%20b/c%23d%3Fe%25f.tf"),
        ("a:b.tf", "a%3Ab.tf"),  # no scheme
        ("größe/名.tf", "gr%C3%B6%C3%9Fe/%E5%90%8D.tf"),
        ("a\udcff.tf", "a%FF.tf"),
        ("../beside/main.tf", "../beside/main.tf"),
        ("back\\slash.tf", "back%5Cslash.tf"),
    ],
)
def test_a_file_is_named_by_a_relative_uri(file: str, uri: str) -> None:
    assert artifact(file) == {"uri": uri, "uriBaseId": "%SRCROOT%"}


@pytest.mark.parametrize(
    ("file", "uri"), [("/srv/a b.tf", "file:///srv/a%20b.tf"), ("//srv/a.tf", "file:///srv/a.tf"), ("D:\\x\\y.tf", "file:///D:/x/y.tf")]
)
def test_a_file_elsewhere_is_named_by_an_absolute_one(file: str, uri: str) -> None:
    assert artifact(file) == {"uri": uri}
