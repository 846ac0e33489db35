"""Whether what runs on an OS-only runtime is compiled: by handler, package, and the builds around it."""

from __future__ import annotations

from typing import Any

import pytest

from estates_by_hand import build, estate, function, known, listing, module_call, unknown
from serverful.estate.model import Thing
from serverful.evidence.compiled import Program, program_of

A = "aws_lambda_function.a"


def program(*things: Thing, address: str = A, **given: Any) -> Program:
    subject = function(address, **{"runtime": "provided.al2023", "handler": "prices.run", **given})
    return program_of(subject, estate(subject, *things))


def test_nothing_says_so() -> None:
    assert program() == Program()


@pytest.mark.parametrize("handler", ["bootstrap", "rust.handler", "not.used.in.provided.runtimei"])
def test_a_handler_that_build_tools_write(handler: str) -> None:
    found = program(handler=handler).compiled
    assert found is not None and handler in found.says and "provided.al2023" in found.says


@pytest.mark.parametrize(
    "handler", ["main", "N/A", "handle_arrival", "not-used-in-custom-runtime", "doesnt.matter", "shop.Handler::handle", "a.b.C"]
)
def test_a_handler_that_is_no_interpreters_leaves_it_open(handler: str) -> None:
    assert [part.expression for part in program(handler=handler).unknown] == [f"what runs behind the handler {handler}"]


@pytest.mark.parametrize("handler", ["index.handler", "src/notify.run", "app.lambda_handler", "node.handler"])
def test_a_file_and_a_name_are_for_an_interpreter(handler: str) -> None:
    assert program(handler=handler) == Program()


@pytest.mark.parametrize(
    "source",
    [
        "../target/lambda/prices/prices.zip",
        "target/x86_64-unknown-linux-musl/release/prices.zip",
        ".build/plugins/AWSLambdaPackager/outputs/P/P.zip",
        "build/bootstrap",
        "bootstrap.zip",
        "*/bin/bootstrap",
        "cmd/prices.go",
        "GOOS=linux go build -o prices main.go",
    ],
)
def test_a_package_that_says_what_it_is_made_of(source: str) -> None:
    found = program(sources=listing(known(source))).compiled
    assert found is not None and source in found.says


@pytest.mark.parametrize("source", ["prices.zip", "dist/index.js", "src/bootstrap_styles", "targets/lambdas/a.zip", "cargo.zip"])
def test_a_package_that_does_not(source: str) -> None:
    assert program(sources=listing(known(source))) == Program()


def test_a_package_from_elsewhere_leaves_it_open() -> None:
    assert program(sources=listing(unknown=[unknown("var.zip")])).unknown == (unknown("var.zip"),)


@pytest.mark.parametrize(
    ("command", "language"),
    [
        ("cd src && GOARCH=arm64 go build -o bootstrap .", "Go"),
        ("GOOS=linux make", "Go"),
        ("cargo lambda build --release", "Rust"),
        ("swift package archive", "Swift"),
        ("cmake --build build --target aws-lambda-package-prices", "C++"),
        ("./gradlew nativeCompile", "a native image"),
        ("mvn package -Pnative", "a native image"),
    ],
)
def test_a_build_beside_it(command: str, language: str) -> None:
    found = program(build("null_resource.b", command)).compiled
    assert found is not None and found.says == f"null_resource.b builds {language}"


@pytest.mark.parametrize("command", ["npm ci", "pip install -r requirements.txt", "echo go", "cargo-cult"])
def test_a_build_of_something_else(command: str) -> None:
    assert program(build("null_resource.b", command)) == Program()


@pytest.mark.parametrize("command", ["make", "./scripts/prepare.sh", "docker run *", "*"])
def test_a_build_of_which_is_not_seen_what_it_builds(command: str) -> None:
    assert [part.expression for part in program(build("null_resource.b", command)).unknown] == ["what null_resource.b builds"]


def test_a_build_whose_command_is_decided_elsewhere() -> None:
    assert program(build("null_resource.b", unknown=[unknown("var.command")])).unknown == (unknown("var.command"),)


@pytest.mark.parametrize(
    ("where", "is_beside"),
    [
        ("null_resource.b", True),
        ("module.app.null_resource.b", True),
        ("module.app.module.f.null_resource.b", True),
        ("module.x.null_resource.b", False),
    ],
)
def test_a_build_counts_in_the_functions_module_and_in_those_that_call_it(where: str, is_beside: bool) -> None:
    found = program(build(where, "go build"), address="module.app.module.f.aws_lambda_function.a")
    assert (found.compiled is not None) is is_beside


@pytest.mark.parametrize(
    ("source", "is_build"), [("acme/go-build/aws", True), ("git::https://example.com/rust.git", True), ("acme/gopher/aws", False)]
)
def test_a_module_that_builds_by_its_name(source: str, is_build: bool) -> None:
    assert (program(module_call("module.build", source)).compiled is not None) is is_build
