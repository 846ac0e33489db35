"""Why does this function run on a runtime that AWS does not manage? The verdict of SLS_RT_1, which SLS_RAD_3 asks as well.

Decisions:
- The runtime is asked first, the handler only then: `dotnet8` has a handler `bootstrap` too, and is managed.
- An interpreter goes before everything else that is seen: who brings PHP patches PHP, whatever the handler is called.
- An operating system that AWS no longer patches is a fault of its own, whatever runs on it: a reason for the language does not mend it.
- A managed language that AWS no longer patches is not asked about here: Checkov's CKV_AWS_363 does that.
"""

from __future__ import annotations

import re

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_subject
from serverful.estate.model import Function, LayerQuery, LayerVersion, Link
from serverful.estate.value import Basis, Known
from serverful.evidence.compiled import program_of
from serverful.evidence.evidence import Evidence
from serverful.evidence.layers import interpreter_in, layer_arns, name_in
from serverful.evidence.runtimes import Keeper, Runtime, runtime_named
from serverful.policy import Severity
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided

CURRENT = "provided.al2023"
_SCRIPTS = {"php": "PHP", "py": "Python", "js": "Node.js", "mjs": "Node.js", "rb": "Ruby", "pl": "Perl", "sh": "a shell", "r": "R"}
# What people call layers that hold an interpreter of their own.
_INTERPRETER = re.compile(
    r"(?i)(?:^|[-_.])(php|bref|node(?:js)?|llrt|bun|deno|python|pypy|ruby|perl|bash|rscript|lua|java|jre|jdk)(?=$|[-_.\d])"
)
_SCRIPT = re.compile(rf".*\.({'|'.join(_SCRIPTS)})", re.IGNORECASE)


@once_per_subject  # SLS_RT_1 and SLS_RAD_3 both ask
def why_unmanaged(function: Function, estate: Estate) -> Verdict:
    """Not ours on a managed or unknown runtime and in an image; passed for a compiled program on a system that AWS patches.

    Failed is contradicted where AWS no longer patches the system. Undecided where what would show a compiled program cannot be seen.
    """
    named, package = function.runtime, function.package_type
    if isinstance(package, Known) and package.value == "Image":
        return not_ours("a container image has no runtime of Lambda's")
    runtime = runtime_named(named.value) if isinstance(named, Known) and named.value else None
    if runtime is None or runtime.keeper is Keeper.AWS:
        return not_ours("AWS manages the runtime, or it is not known")
    stands = Evidence(f'runtime = "{runtime.name}"', named.place, as_of=runtime.as_of if runtime.ends else None)
    if runtime.keeper is Keeper.PUBLISHER:
        return failed(
            "The function runs on a runtime that somebody publishes and patches outside Lambda, and nothing here says why.",
            stands,
            instead=f"{_MANAGED} The publisher's code runs with the role of this function: agree with them how fast they patch.",
            argument="runtime",
        )
    brought = interpreter_of(function)
    program = program_of(function, estate)
    runs = brought or program.compiled
    if runtime.has_ended(estate.today):
        return failed(
            f"AWS no longer patches the runtime {runtime.name}, since {runtime.ends} (as of {runtime.as_of}), and that holds whatever runs "
            "on it.",
            stands,
            *([runs] if runs else []),
            kind=Kind.CONTRADICTED,
            severity=Severity.MEDIUM if brought else Severity.LOW,
            instead=_instead_of_ended(runtime, is_compiled=brought is None and program.compiled is not None),
            argument="runtime",
        )
    if brought:
        return failed(
            f"The function brings its own language to an OS-only runtime, so nobody but you patches it: {brought.says}.",
            stands,
            brought,
            missed=_MISSED,
            severity=Severity.MEDIUM,
            instead=f"{_MANAGED} {_OWNER}",
            argument="runtime",
        )
    if program.compiled:
        return passed(
            f"A compiled program runs on {runtime.name}, and AWS patches that: {program.compiled.says}.", stands, program.compiled
        )
    if program.unknown:
        names = ", ".join(dict.fromkeys(part.expression for part in program.unknown))
        says = f"The function runs on {runtime.name}, and whether that is a compiled program cannot be seen here: {names}."
        return undecided(says, *program.unknown, path=(stands,), missed=_MISSED, answerable=True)
    handler = Evidence(f'handler = "{function.handler.value}"', function.handler.place) if isinstance(function.handler, Known) else stands
    own = _own_interpreter(function, estate)
    return failed(
        f"The function runs on {runtime.name}, and nothing here shows a compiled program that needs no language runtime."
        f"{f' And {own.says}.' if own else ''}",
        *dict.fromkeys((stands, handler, *([own] if own else []))),
        missed=_MISSED,
        severity=Severity.MEDIUM if own else Severity.LOW,
        instead=f'{_MANAGED} If it is a compiled program, call it `bootstrap` and write handler = "bootstrap". {_OWNER}',
        argument="runtime",
    )


def interpreter_of(function: Function) -> Evidence | None:
    """The language that layers, environment or handler bring to an OS-only runtime."""
    for arn, place in layer_arns(function):
        layer = interpreter_in(arn)
        if layer:
            return Evidence(f"a layer brings {layer.product}", place, as_of=layer.as_of)
    bref = next((variable for variable in function.environment.variables if variable.name.startswith("BREF_")), None)
    if bref:
        return Evidence(f"environment variable {bref.name} is for Bref (PHP)", bref.place)
    handler = function.handler
    script = _SCRIPT.fullmatch(handler.value) if isinstance(handler, Known) and handler.value else None
    return Evidence(f"handler {script[0]} is a file of {_SCRIPTS[script[1].lower()]}", handler.place, Basis.DERIVED) if script else None


def _own_interpreter(function: Function, estate: Estate) -> Evidence | None:
    """A layer with the name of an interpreter. A name proves nothing: it makes a finding more serious, and makes none."""
    for link in function.layers:
        name = _name_of(link, estate)
        if _INTERPRETER.search(name):
            return Evidence(f"its layer {name} has the name of an interpreter", link.place, Basis.DERIVED)
    return None


def _name_of(link: Link, estate: Estate) -> str:
    """What a layer is called; "" where that is not known."""
    match estate.thing(link.target):
        case LayerVersion(name=Known(name)):
            return name
        case LayerQuery(asked=asked):
            return name_in(asked) or asked
    return name_in(link.expression) if link.origin == "literal" else ""


_MANAGED = "Write this function in a language that AWS manages and patches (nodejs24.x, python3.14, java25, dotnet10, ruby3.4 and others)."
_OWNER = f'If the language has to be this one, use runtime = "{CURRENT}" and name somebody who patches it.'
_MISSED = (
    'handler = "bootstrap", or another that a compiler\'s build tool writes',
    "a package or a build of Go, Rust, C++, Swift or a native image in the function's module, or in one that calls it",
)


def _instead_of_ended(runtime: Runtime, *, is_compiled: bool) -> str:
    if is_compiled:
        return f'Build it for Amazon Linux 2023 and write runtime = "{CURRENT}"; nothing else changes for a compiled program.'
    return f'{_MANAGED} Until then write runtime = "{CURRENT}" in place of "{runtime.name}".'
