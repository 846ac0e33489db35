"""Whether what runs on an OS-only runtime is a compiled program: nothing but the operating system is left to patch then.

AWS Lambda Developer Guide, "When to use Lambda's OS-only runtimes" and "Building Lambda functions with Go" / "... with Rust" (2026): the
executable is called `bootstrap`, and AWS has no other runtime for Go and Rust. Handlers that build tools write: `bootstrap`,
`rust.handler`, `not.used.in.provided.runtime…` (Quarkus native). Paths: `target/lambda/` (cargo-lambda), `…-unknown-linux-…/` (targets of
Rust), `.build/plugins/AWSLambdaPackager/` (Swift AWS Lambda Runtime).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Build, Function
from serverful.estate.naming import module_of
from serverful.estate.value import Basis, Known, Unknown
from serverful.evidence.evidence import Evidence

_HANDLER = re.compile(r"bootstrap|rust\.handler|not\.used\.in\.provided\.runtime.*")
# `index.handler`: a file and what is in it. That is how interpreters are told what to run; a compiled program reads no handler, so people
# write its name there, or that it does not matter (of those seen in public code, nearly all are Go and Rust).
_FILE_AND_NAME = re.compile(r"[\w/-]+\.[a-z_]\w*")
_NEVER_MIND = re.compile(r"(?i)(?:.*\b)?(?:not?|none|un|ignored?|dummy|doesn.?t|whatever|placeholder)(?:\b|_|used|matter).*")

_COMMANDS = (
    ("Go", re.compile(r"\bgo\s+(?:build|install)\b|\bGOOS=")),
    ("Rust", re.compile(r"\bcargo\s+(?:lambda|build|zigbuild)\b|\bcross\s+build\b")),
    ("Swift", re.compile(r"\bswift\s+(?:build|package)\b")),
    ("C++", re.compile(r"\baws-lambda-package\b|\bcmake\s+--build\b")),
    ("a native image", re.compile(r"\bnative-image\b|-Pnative\b|-Dnative\b|\bnativeCompile\b|\bPublishAot\b|--native-aot\b")),
)
_PATHS = (
    ("Rust", re.compile(r"(?:^|/)target/lambda/|-unknown-linux-(?:gnu|musl)/")),
    ("Swift", re.compile(r"(?:^|/)\.build/(?:plugins/)?(?:AWSLambdaPackager|lambda)")),
    ("Go", re.compile(r"(?:^|/)(?:main|cmd/[^/]+)\.go$|(?:^|/)go\.mod$")),
    # A lone file of that name is the whole package, so nothing could interpret it but the operating system.
    ("a compiled program", re.compile(r"(?:^|/)bootstrap(?:\.zip)?$")),
)
_MODULES = (
    ("Go", re.compile(r"(?:^|[/_.-])(?:go|golang)(?:$|[/_.-])")),
    ("Rust", re.compile(r"(?:^|[/_.-])(?:rust|cargo)(?:$|[/_.-])")),
    ("Swift", re.compile(r"(?:^|[/_.-])swift(?:$|[/_.-])")),
)
# Commands that build something, without saying of what.
_BUILDS_SOMETHING = re.compile(r"\b(?:make|task|just|mage|bazel|docker|earthly|nix|gradlew?|mvnw?|dotnet|build|compile)\b|\.sh\b|\*")


_ENOUGH = 6


@dataclass(frozen=True, slots=True)
class Program:
    """`compiled` says that it is one, and why; `unknown` names what may say so and cannot be seen."""

    compiled: Evidence | None = None
    unknown: tuple[Unknown, ...] = ()


def program_of(function: Function, estate: Estate) -> Program:
    """What a function on an OS-only runtime runs, by its handler, its package and the builds beside it."""
    handler = function.handler
    if isinstance(handler, Known) and handler.value and _HANDLER.fullmatch(handler.value):
        on = f" on {function.runtime.value}" if isinstance(function.runtime, Known) else ""
        return Program(Evidence(f'handler = "{handler.value}": a compiled program{on}', handler.place, Basis.DERIVED))
    for source in function.sources:
        language = _first(_PATHS, source.value) or _first(_COMMANDS, source.value)
        if language:
            return Program(Evidence(f"the package is made of {source.value}: {language}", source.place, Basis.DERIVED))
    builds, hidden = _beside(function, estate)
    if builds:
        return Program(builds[0])
    return Program(unknown=(*_of_handler(function), *function.sources.unknown, *hidden))


def _of_handler(function: Function) -> Iterator[Unknown]:
    handler = function.handler
    if isinstance(handler, Unknown):
        yield handler
    elif not handler.value:
        yield Unknown("what runs there, without a handler", handler.place)
    elif not _FILE_AND_NAME.fullmatch(handler.value) or _NEVER_MIND.fullmatch(handler.value):
        yield Unknown(f"what runs behind the handler {handler.value}", handler.place)


def _beside(function: Function, estate: Estate) -> tuple[list[Evidence], list[Unknown]]:
    """A build in the function's module or in one that calls it, where the package may come from; and those that cannot be seen."""
    hidden: list[Unknown] = []
    for builds, unseen in (_builds(estate).get(above, ([], [])) for above in _and_above(module_of(function.address))):
        if builds:
            return builds[:1], []
        hidden += unseen
    return [], hidden


def _and_above(module: str) -> Iterator[str]:
    while module:
        yield module
        module = module_of(module)
    yield ""


@once_per_estate
def _builds(estate: Estate) -> dict[str, tuple[list[Evidence], list[Unknown]]]:
    """By module: the builds of compiled languages in it, and those of which it is not seen what they build."""
    found: dict[str, tuple[list[Evidence], list[Unknown]]] = {}
    for build in estate.all(Build):
        sure, hidden = found.setdefault(module_of(build.address), ([], []))
        texts = [command.value for command in build.commands]
        language = next((language for text in texts if (language := _first(_COMMANDS, text))), None)
        if language:
            sure.append(Evidence(f"{build.address} builds {language}", build.place))
            continue
        if len(hidden) < _ENOUGH:  # one that cannot be seen leaves it open; all of hundreds would not make it more so
            hidden += build.commands.unknown
            hidden += [Unknown(f"what {build.address} builds", build.place) for text in texts if _BUILDS_SOMETHING.search(text)][:1]
    for call in estate.unread_modules:
        language = _first(_MODULES, call.source)
        if language:
            sure, _ = found.setdefault(module_of(call.address), ([], []))
            sure.append(Evidence(f"{call.address} builds {language}, by its source {call.source}", call.place, Basis.DERIVED))
    return found


def _first(patterns: tuple[tuple[str, re.Pattern[str]], ...], text: str) -> str | None:
    return next((language for language, pattern in patterns if pattern.search(text)), None)
