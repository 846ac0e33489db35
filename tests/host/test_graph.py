"""What Checkov's graph tells of blocks, roots and files, tried on real graphs of both graph frameworks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from checkov.common.graph.db_connectors.networkx.networkx_db_connector import NetworkxConnector
from checkov.common.graph.db_connectors.rustworkx.rustworkx_db_connector import RustworkxConnector
from checkov.terraform.graph_manager import TerraformGraphManager
from checkov.terraform.modules.module_objects import TFModule

from serverful.host.graph import Graph, Node, bare, may_be_same, steps

ROOT = """
module "fn" {
  source = "../modules/fn"
}
module "each" {
  source   = "../modules/fn"
  for_each = toset(["p", "q.r"])
}
resource "aws_lambda_function" "own" {
  function_name = "own"
}
resource "aws_lambda_function" "counted" {
  count         = 2
  function_name = "counted"
}
resource "aws_lambda_function" "unknown" {
  for_each      = var.functions
  function_name = each.key
}
variable "functions" {}
"""
MODULE = """
resource "aws_lambda_function" "this" {
  function_name = "this"
}
module "deep" {
  source = "../deep"
}
"""
DEEP = 'resource "aws_lambda_function" "deep" {\n  function_name = "deep"\n}\n'

OF_ONE_ROOT = {
    "module.fn",
    'module.each["p"]',
    'module.each["q.r"]',
    "module.fn.module.deep",
    'module.each["p"].module.deep',
    'module.each["q.r"].module.deep',
    "aws_lambda_function.own",
    "aws_lambda_function.counted[0]",
    "aws_lambda_function.counted[1]",
    "aws_lambda_function.unknown",
    "module.fn.aws_lambda_function.this",
    'module.each["p"].aws_lambda_function.this',
    'module.each["q.r"].aws_lambda_function.this',
    "module.fn.module.deep.aws_lambda_function.deep",
    'module.each["p"].module.deep.aws_lambda_function.deep',
    'module.each["q.r"].module.deep.aws_lambda_function.deep',
}


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two equal roots over shared modules."""
    base = tmp_path_factory.mktemp("scanned").resolve()
    for folder, text in {"one": ROOT, "two": ROOT, "modules/fn": MODULE, "modules/deep": DEEP}.items():
        (base / folder).mkdir(parents=True)
        (base / folder / "main.tf").write_text(text)
    return base


@pytest.fixture(scope="module", params=[RustworkxConnector, NetworkxConnector], ids=["rustworkx", "networkx"])
def read(request: pytest.FixtureRequest, estate: Path) -> tuple[Graph, list[Any]]:
    """Our reading of Checkov's graph, and the vertices it is made from."""
    manager = TerraformGraphManager(db_connector=request.param())
    made, _ = manager.build_graph_from_source_directory(str(estate))
    return Graph(manager.save_graph(made)), made.vertices


def test_every_block_is_found_with_root_and_address(read: tuple[Graph, list[Any]], estate: Path) -> None:
    found = {(node.root, node.address) for node in read[0].nodes}
    assert found == {(estate / root, address) for root in ("one", "two") for address in OF_ONE_ROOT}


def test_a_block_is_found_again_by_the_identity_of_its_conf(read: tuple[Graph, list[Any]]) -> None:
    graph, vertices = read
    asked = 0
    for vertex in vertices:
        if vertex.block_type == "resource":
            kind, name = vertex.name.split(".", 1)
            conf = vertex.config[kind][name]
            node = graph.asked(conf, "/main.tf")
            assert node is not None
            assert (node.address, node.type) == (conf["__address__"], "aws_lambda_function")
            assert graph.asked(dict(conf), "/main.tf") is None, "an equal dictionary is not the one that Checkov asks with"
            asked += 1
    assert asked == 20


def test_a_call_is_no_resource(read: tuple[Graph, list[Any]]) -> None:
    calls = {node.address for node in read[0].nodes if node.is_call}
    assert calls == {address for address in OF_ONE_ROOT if "aws_lambda_function" not in address}


def test_records_that_checkov_merges_are_behind_each_other(read: tuple[Graph, list[Any]], estate: Path) -> None:
    graph, _ = read
    shared = next(node for node in graph.nodes if node.address == "module.fn.aws_lambda_function.this")
    assert {node.root for node in graph.behind(shared)} == {estate / "one", estate / "two"}
    own = next(node for node in graph.nodes if node.address == "aws_lambda_function.own")
    assert graph.behind(own) == [own]


def test_own_blocks_stand_in_the_folder_of_their_root(read: tuple[Graph, list[Any]]) -> None:
    assert {node.address for node in read[0].nodes if node.is_own} == {
        "module.fn",
        'module.each["p"]',
        'module.each["q.r"]',
        "aws_lambda_function.own",
        "aws_lambda_function.counted[0]",
        "aws_lambda_function.counted[1]",
        "aws_lambda_function.unknown",
    }


def test_the_scanned_folder_follows_from_what_is_asked(read: tuple[Graph, list[Any]], estate: Path) -> None:
    graph, _ = read
    own = next(node for node in graph.nodes if node.address == "aws_lambda_function.own" and node.root == estate / "one")
    deep = next(node for node in graph.nodes if node.address == "module.fn.module.deep.aws_lambda_function.deep")
    assert graph.scanned(own, "/one/main.tf") == estate
    assert graph.scanned(own, "/main.tf") == estate / "one"
    assert graph.scanned(deep, "/modules/deep/main.tf") == estate


def test_the_scanned_folder_is_found_from_a_module_outside_it() -> None:
    config = {"aws_lambda_function": {"this": {"__address__": "module.fn.aws_lambda_function.this"}}}
    module = TFModule(path="/base/live/prod/api/main.tf", name="fn")
    outside = {"block_type_": "resource", "config_": config, "file_path_": "/base/modules/fn/main.tf", "source_module_object_": module}

    class OneNode:
        def nodes(self, data: bool) -> list[tuple[str, dict[str, Any]]]:
            return [("hash", outside)]

    graph = Graph(OneNode())
    assert graph.scanned(graph.nodes[0], "/../../modules/fn/main.tf") == Path("/base/live/prod")
    assert graph.scanned(graph.nodes[0], "/../modules/fn/main.tf") == Path("/base/live")


def test_a_module_may_come_as_its_json() -> None:
    conf = {"__address__": "module.a.module.b.aws_lambda_function.this"}
    nested = {"path": "/base/root/main.tf", "name": "a", "foreach_idx": None, "nested_tf_module": None}
    attributes = {
        "block_type_": "resource",
        "config_": {"aws_lambda_function": {"this": conf}},
        "file_path_": "/base/b/main.tf",
        "source_module_object_": {"path": "/base/a/main.tf", "name": "b", "foreach_idx": None, "nested_tf_module": nested},
    }

    class OneNode:
        def nodes(self, data: bool) -> list[tuple[str, dict[str, Any]]]:
            return [("hash", attributes)]

    node = Graph(OneNode()).asked(conf, "/b/main.tf")
    assert isinstance(node, Node)
    assert node.root == Path("/base/root")


def test_a_block_of_a_plan_is_found_by_address_and_file() -> None:
    def of(path: str) -> tuple[str, dict[str, Any]]:
        config = {"aws_lambda_function": {"this": {"__address__": "aws_lambda_function.this"}}}
        return path, {"block_type_": "resource", "config_": config, "file_path_": path}

    plans = [of("/base/a/plan.json"), of("/base/b/below/plan.json"), of("/base/plan.json"), of("/base/b/plan.json")]

    class TwoPlans:
        def nodes(self, data: bool) -> list[tuple[str, dict[str, Any]]]:
            return plans

    graph = Graph(TwoPlans())
    node = graph.asked({"__address__": "aws_lambda_function.this"}, "/b/plan.json")
    assert node is not None
    assert (node.file, node.is_planned) == (Path("/base/b/plan.json"), True)
    top = graph.asked({"__address__": "aws_lambda_function.this"}, "/plan.json")
    assert top is not None
    assert top.file == Path("/base/plan.json")
    assert graph.asked({"__address__": "aws_lambda_function.that"}, "/b/plan.json") is None
    assert graph.asked({"__address__": "aws_lambda_function.this"}, "/c/plan.json") is None


def test_addresses_are_read_step_by_step() -> None:
    assert steps('module.fn["a.b]"].x.y[0]') == [("module", ""), ("fn", '["a.b]"]'), ("x", ""), ("y", "[0]")]
    assert bare('module.fn["a.b"].x.y[0]') == "module.fn.x.y"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("x.y", "x.y[0]", True),
        ("module.a.x.y[1]", 'module.a["k"].x.y[1]', True),
        ("x.y[0]", "x.y[1]", False),
        ('module.a["k"].x.y', 'module.a["l"].x.y', False),
        ("x.y", "x.z", False),
        ("x.y", "module.a.x.y", False),
    ],
)
def test_addresses_may_be_the_same_where_an_index_is_missing(one: str, other: str, same: bool) -> None:
    assert may_be_same(one, other) is same
    assert may_be_same(other, one) is same
