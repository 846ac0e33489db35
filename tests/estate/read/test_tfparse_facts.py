"""What tfparse really does, fact by fact, on fixtures/tfparse/<fact>: the reason for what the reader trusts and what it does not.

When one of these fails after an update of tfparse, the fact has changed: read the reader's use of it again before changing the test.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from serverful.estate.read.evaluate import Evaluation, Request, evaluate, is_attribute_marker

FACTS = Path(__file__).parents[3] / "fixtures" / "tfparse"
EVALUATED_ELSEWHERE = {"module_cycle", "downloaded_module"}  # grows without end; needs the folder that `terraform init` makes

Fact = Callable[[str], Evaluation]


@pytest.fixture(scope="module")
def fact() -> Fact:
    """Every fact evaluated once, by name."""
    folders = [folder for folder in sorted(FACTS.iterdir()) if folder.name not in EVALUATED_ELSEWHERE]
    found = {evaluation.folder.name: evaluation for evaluation in evaluate([Request(folder) for folder in folders])}
    return found.__getitem__


def block(evaluation: Evaluation, path: str) -> Mapping[str, Any]:
    """The block with that path; a failure names the paths there are."""
    assert path in evaluation.blocks, f"{path} is not among {sorted(evaluation.blocks)}"
    return evaluation.blocks[path]


def test_every_fact_is_asserted() -> None:
    here = Path(__file__).read_text(encoding="utf-8") + Path(__file__).with_name("test_evaluate.py").read_text(encoding="utf-8")
    assert [folder.name for folder in FACTS.iterdir() if f'"{folder.name}"' not in here] == []


# --- references -------------------------------------------------------------------------------------------------------------------


def test_id_stands_where_id_or_arn_of_another_block_is_meant_across_modules_too(fact: Fact) -> None:
    seen = fact("id_in_place_of_arn")
    near, far = block(seen, "aws_sqs_queue.near")["id"], block(seen, "module.queue.aws_sqs_queue.far")["id"]
    assert near != far
    assert block(seen, "aws_lambda_event_source_mapping.by_arn")["event_source_arn"] == near
    assert block(seen, "aws_lambda_event_source_mapping.by_id")["event_source_arn"] == near
    assert block(seen, "aws_lambda_event_source_mapping.across")["event_source_arn"] == far


def test_id_is_another_one_each_time(fact: Fact) -> None:
    (again,) = evaluate([Request(FACTS / "id_in_place_of_arn")])
    assert block(again, "aws_sqs_queue.near")["id"] != block(fact("id_in_place_of_arn"), "aws_sqs_queue.near")["id"]


def test_own_id_argument_is_hidden(fact: Fact) -> None:
    (rule,) = fact("own_id_is_hidden").nested("aws_s3_bucket_lifecycle_configuration.photos", "rule")
    assert rule["status"] == "Enabled"
    assert rule["id"] != "stated"


def test_known_value_loses_its_link(fact: Fact) -> None:
    assert block(fact("known_value_loses_its_link"), "aws_lambda_function_url.a")["function_name"] == "a"


# --- values that are not known ----------------------------------------------------------------------------------------------------


def test_unknown_entries_of_a_map_are_null_and_references_are_told_for_the_block_only(fact: Fact) -> None:
    (environment,) = fact("null_in_map").nested("aws_lambda_function.writer", "environment")
    assert environment["variables"] == {"STAGE": "test", "HOST": None, "QUEUE": None, "DATABASE": None}
    meta: Any = environment["__tfmeta"]
    assert sorted((reference["label"], reference["name"]) for reference in meta["references"]) == [
        ("aws_db_instance", "orders"),
        ("aws_sqs_queue", "orders"),
    ]


def test_map_with_an_unknown_entry_collapses_through_a_module_input(fact: Fact) -> None:
    seen = fact("map_through_module")
    (collapsed,) = seen.nested("module.function.aws_lambda_function.this", "environment")
    (whole,) = seen.nested("module.function_that_knows_all.aws_lambda_function.this", "environment")
    assert is_attribute_marker(collapsed["variables"])
    assert collapsed["variables"] == {"__attribute__": "var.env", "__name__": "env"}
    assert whole["variables"] == {"STAGE": "test"}


def test_jsonencode_with_one_unknown_leaf_loses_all_statements(fact: Fact) -> None:
    seen = fact("unknown_leaf_in_jsonencode")
    assert json.loads(block(seen, "aws_iam_role_policy.reads")["policy"]) == {"Version": "2012-10-17", "Statement": None}
    assert json.loads(block(seen, "aws_iam_role_policy.known")["policy"])["Statement"][0]["Resource"] == "*"


def test_unknown_template_stays_raw_and_looks_known(fact: Fact) -> None:
    seen = fact("template_looks_known")
    assert block(seen, "aws_lambda_permission.api")["source_arn"] == "${aws_apigatewayv2_api.orders.execution_arn}/*"


def test_arn_of_a_bucket_is_put_together_from_its_name(fact: Fact) -> None:
    assert block(fact("template_looks_known"), "aws_lambda_permission.bucket")["source_arn"] == "arn:aws:s3:::photos/*"


def test_region_is_invented_and_decides_counts(fact: Fact) -> None:
    seen = fact("invented_region")
    assert block(seen, "aws_ssm_parameter.region")["value"] == "current-region"
    assert block(seen, "aws_vpc_endpoint.s3")["service_name"] == "com.amazonaws.current-region.s3"
    assert seen.instances("aws_sqs_queue.in_ireland_only") is None


def test_marker_stands_for_unknown_and_for_known_null(fact: Fact) -> None:
    function = block(fact("marker_for_known_null"), "aws_lambda_function.a")
    assert function["kms_key_arn"] == {"__attribute__": "var.given_as_null", "__name__": "given_as_null"}
    assert function["description"] == {"__attribute__": "var.not_given", "__name__": "not_given"}
    assert function["handler"] is None


def test_known_set_inside_another_value_makes_all_of_it_null(fact: Fact) -> None:
    function = block(fact("set_is_null"), "aws_lambda_function.a")
    assert function["layers"] == ["layer-a", "layer-b"]
    assert function["tags"] is None


# --- what exists ------------------------------------------------------------------------------------------------------------------


def test_unresolved_dynamic_block_is_absent_like_one_that_is_off(fact: Fact) -> None:
    seen = fact("dynamic_not_decided")
    assert [len(seen.nested(f"aws_lambda_function.{name}", "vpc_config")) for name in ("on", "off", "open")] == [1, 0, 0]


@pytest.mark.parametrize(("name", "blocks"), [("plain_block_below", 0), ("plain_block_above", 1), ("dynamic_block_below", 1)])
def test_dynamic_block_that_is_on_gets_lost_above_a_plain_block(fact: Fact, name: str, blocks: int) -> None:
    seen = fact("dynamic_above_plain_block")
    assert len(seen.nested(f"aws_lambda_function.{name}", "vpc_config")) == blocks, "all are on"
    assert len(seen.nested(f"aws_lambda_function.{name}", "tracing_config")) == 1


def test_last_block_of_a_dynamic_one_gets_lost_and_the_others_come_last(fact: Fact) -> None:
    seen = fact("dynamic_above_plain_block")
    raw: Any = block(seen, "aws_security_group.three_rules")["ingress"]
    assert [rule["from_port"] for rule in raw] == [22, 80], "443 is missing"
    assert [rule["from_port"] for rule in seen.nested("aws_security_group.three_rules", "ingress")] == [80, 22], "in the source's order"


def test_argument_of_a_block_s_name_is_no_nested_block(fact: Fact) -> None:
    seen = fact("dynamic_not_decided")
    assert block(seen, "aws_security_group.rules_as_argument")["ingress"] == [{"from_port": 22, "to_port": 22, "protocol": "tcp"}]
    assert list(seen.nested("aws_security_group.rules_as_argument", "ingress")) == []


@pytest.mark.parametrize(("call", "blocks"), [("attached", 1), ("attached_by_for", 1), ("attached_by_values", 1), ("not_attached", 0)])
def test_dynamic_block_over_a_list_of_unknown_ids_is_decided(fact: Fact, call: str, blocks: int) -> None:
    seen = fact("dynamic_of_unknown_items")
    assert len(seen.nested(f"module.{call}.aws_lambda_function.this", "vpc_config")) == blocks


def test_unknown_for_each_vanishes_with_everything_in_it(fact: Fact) -> None:
    seen = fact("for_each_not_known")
    assert seen.instances("aws_sqs_queue.each") is None
    assert seen.instances("module.queue") is None
    assert [path for path in seen.blocks if path.startswith(("module.queue", "aws_sqs_queue.each"))] == []


def test_known_for_each_is_made_and_an_empty_one_looks_like_an_unknown_one(fact: Fact) -> None:
    seen = fact("for_each_not_known")
    assert seen.instances("aws_sqs_queue.known") == ["a", "b"]
    assert seen.instances("module.known") == ["a", "b"]
    assert seen.instances('module.known["a"].aws_sqs_queue.this') == [None]
    assert seen.instances("aws_sqs_queue.empty") is None


def test_for_each_with_known_keys_needs_no_known_values(fact: Fact) -> None:
    seen = fact("for_each_known_keys")
    assert seen.instances("aws_sqs_queue.each") == ["a", "b"]
    assert seen.instances("aws_sns_topic.of_each_queue") == ["a", "b"]
    assert seen.instances("aws_sns_topic.as_many") == [0, 1]
    assert seen.instances("aws_sns_topic.of_url") is None


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("aws_sqs_queue.by_variable", {"__attribute__": "var.number", "__name__": "number"}),
        ("aws_sqs_queue.by_null", {"__attribute__": "var.null_number", "__name__": "null_number"}),
        ("aws_sqs_queue.by_condition", None),
        ("module.by_variable", {"__attribute__": "var.number", "__name__": "number"}),
    ],
)
def test_unknown_count_gives_one_instance_and_no_number(fact: Fact, address: str, count: object) -> None:
    seen = fact("count_not_known")
    assert seen.instances(address) == [0]
    assert block(seen, f"{address}[0]")["count"] == count
    assert seen.count_is_open(f"{address}[0]")


def test_known_count_is_made(fact: Fact) -> None:
    seen = fact("count_not_known")
    assert seen.instances("aws_sqs_queue.twelve") == list(range(12))
    assert not seen.count_is_open("aws_sqs_queue.twelve[0]")
    assert seen.instances("aws_sqs_queue.none") is None
    assert seen.instances("aws_sqs_queue.one") == [None]
    assert not seen.count_is_open("aws_sqs_queue.one")


def test_instances_are_made_before_what_their_number_hangs_on(fact: Fact) -> None:
    seen = fact("made_too_early")
    assert {
        "aws_sns_topic.too_many[2]",
        "aws_sns_topic.not_there[0]",
        "module.too_many[2]",
        "module.too_many[2].aws_subnet.these[0]",
    } <= set(seen.surplus), "tfparse lists them, and their own count denies them"
    assert seen.instances("aws_sns_topic.too_many") == [0, 1]
    assert seen.instances("module.too_many") == [0, 1]
    assert seen.instances("aws_sns_topic.not_there") is None
    assert block(seen, "aws_sns_topic.too_few[0]")["count"] == 2
    assert "aws_sns_topic.too_few[1]" not in seen.blocks
    assert seen.instances("aws_sns_topic.too_few") is None, "one of two is listed: it cannot tell"
    assert seen.instances("aws_sns_topic.missing") is None, "there is one"
    assert seen.instances("aws_sns_topic.missing_each") is None, "there are two"


def test_keys_are_quoted_in_the_path_but_for_templates(fact: Fact) -> None:
    seen = fact("quoted_keys")
    assert {r'aws_sqs_queue.each["quo\"te"]', r'aws_sqs_queue.each["back\\slash"]', 'aws_sqs_queue.each["${x}"]'} <= set(seen.blocks)
    assert "aws_sqs_queue.each" in seen.blocks, "the empty key is left out"
    assert seen.instances("aws_sqs_queue.each") == [None, "${x}", "[0]", "a.b", "back\\slash", "line\nbreak", 'quo"te']
    quoted = seen.instance("aws_sqs_queue.each", 'quo"te')
    assert quoted is not None and quoted["name"] == 'quo"te'
    assert seen.instances('module.queue["a.b[0]"].aws_sqs_queue.this') == [0, 1]
    assert seen.instances("module.queue") == ["a.b[0]"]


def test_same_block_twice_keeps_the_first_and_says_so(fact: Fact) -> None:
    seen = fact("declared_twice")
    assert block(seen, "aws_sqs_queue.orders")["name"] == "first"
    assert seen.doubled == ("aws_sqs_queue.orders",)


# --- files and environment --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("var_files", "stage"),
    [
        ((), "default"),
        (("terraform.tfvars",), "terraform.tfvars"),
        (("terraform.tfvars", "later.auto.tfvars"), "later.auto.tfvars"),
        (("later.auto.tfvars", "terraform.tfvars"), "terraform.tfvars"),
        (("env/json.tfvars.json",), "json.tfvars.json"),
    ],
)
def test_variable_files_are_loaded_only_by_name_and_in_the_order_given(var_files: tuple[str, ...], stage: str) -> None:
    (seen,) = evaluate([Request(FACTS / "variable_files", var_files)])
    assert block(seen, "aws_sqs_queue.orders")["name"] == stage


def test_variable_file_by_absolute_path_is_not_found() -> None:
    folder = FACTS / "variable_files"
    (seen,) = evaluate([Request(folder, (str(folder / "terraform.tfvars"),))])
    assert seen.failure is not None and seen.failure.kind == "raised"
    assert f"{folder}{folder}" in seen.failure.says, "joined under the folder"


def test_broken_file_is_dropped_silently_unless_strict_and_partial_names_it(fact: Fact) -> None:
    seen = fact("file_that_does_not_parse")
    assert seen.failure is None
    assert list(seen.blocks) == ["aws_sqs_queue.good"]
    assert seen.partial is not None and "broken.tf:2" in seen.partial


def test_downloaded_module_is_read_when_present(tmp_path: Path) -> None:
    without, present = tmp_path / "without", tmp_path / "present"
    shutil.copytree(FACTS / "downloaded_module", without)
    shutil.copytree(FACTS / "downloaded_module", present)
    (present / ".terraform").mkdir()
    (present / "downloaded").rename(present / ".terraform" / "modules")
    seen_without, seen = evaluate([Request(without), Request(present)])
    assert list(seen_without.blocks) == ["module.queue"]
    assert block(seen, "module.queue.aws_sqs_queue.this")["name"] == "downloaded"


def test_environment_does_not_leak_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_VAR_stage", "leaked")
    monkeypatch.setenv("TF_WORKSPACE", "leaked")
    (seen,) = evaluate([Request(FACTS / "environment_of_the_caller")])
    assert block(seen, "aws_sqs_queue.orders")["name"] == "default-default"


# --- what it does not survive -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "panic"), [("string_beside_set", "not a string"), ("type_that_is_none", "nil pointer")])
def test_some_inputs_end_its_process(fact: Fact, name: str, panic: str) -> None:
    failure = fact(name).failure
    assert failure is not None and failure.kind == "died"
    assert panic in failure.says


def test_type_with_a_dot_is_answered_in_another_shape(fact: Fact) -> None:
    failure = fact("type_with_a_dot").failure
    assert failure is not None and failure.kind == "raised"
    assert "shape" in failure.says
