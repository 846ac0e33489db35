"""Why does this function carry an extension? The verdict of SLS_EXT_1, which SLS_RAD_3 asks as well.

Decisions:
- A layer is an extension by its name, whosever account it lies in, also where parts of its ARN are decided elsewhere; a layer that is
  built here, also by an `extensions` folder that is seen in what it is made of. Any other layer is a library, and not asked about.
- A layer of which nothing is known leaves it open, and nobody is asked for a reason for it.
- What runs inside the runtime's own process (wrappers, JAVA_TOOL_OPTIONS) is none: it starts no process beside it.
- Extensions inside container images cannot be seen.

AWS Lambda Developer Guide, "Augment Lambda functions using Lambda extensions" and "Lambda Extensions API" (2026): an extension runs in the
function's environment, with its credentials and memory. It starts before the function; what it takes after the handler is billed as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from serverful.estate.callers import callers_of
from serverful.estate.capacity import certain
from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.globs import is_match
from serverful.estate.memo import once_per_subject
from serverful.estate.model import Function, LayerQuery, LayerVersion, Link, Provisioned
from serverful.estate.place import Place
from serverful.estate.settings import AllowedExtension
from serverful.estate.value import Known, Unknown
from serverful.evidence.evidence import Evidence
from serverful.evidence.layers import Layer, extension_in, extension_named, name_in
from serverful.policy import Severity
from serverful.verdict import Verdict, failed, not_ours, passed, undecided
from serverful.wording import joined

# Who waits for a function to start: people, or a system that has people behind it. Terraform and the workflows of Step Functions can wait.
_WAITING = frozenset(
    (
        *("API Gateway", "Application Load Balancer", "AppSync", "CloudFront", "function URL", "VPC Lattice"),
        *("Alexa", "Bedrock", "Cognito", "Connect", "Lex"),
    )
)
_MOST = 5  # layers of one function (AWS Lambda Developer Guide, "Lambda quotas")


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension that a function carries. `layer` is what is known of it, None for one that is built here; `name` is its layer's."""

    product: str
    name: str
    layer: Layer | None
    place: Place

    @property
    def seen(self) -> Evidence:
        return Evidence(f"a layer holds the extension {self.product}", self.place, as_of=self.layer.as_of if self.layer else None)

    @property
    def is_of_others(self) -> bool:
        return self.layer is not None and not self.layer.is_by_aws


@dataclass(frozen=True, slots=True)
class Carried:
    """`extensions` in the order of their layers; `unknown` names the layers of which nothing is known."""

    extensions: tuple[Extension, ...] = ()
    unknown: tuple[Unknown, ...] = ()


@once_per_subject  # SLS_EXT_1, SLS_RAD_3 and whoever asks for a function's features
def carried(function: Function, estate: Estate) -> Carried:
    """The extensions of a function, each product once."""
    package = function.package_type
    if isinstance(package, Known) and package.value == "Image":
        return Carried()
    found: dict[str, Extension] = {}
    unknown: list[Unknown] = []
    told: Extension | Unknown | None
    layers: tuple[Link | Unknown, ...] = (*function.layers.items, *function.layers.unknown)
    for layer in layers:
        if isinstance(layer, Unknown) or layer.origin == "literal":
            told = _by_text(layer.expression, layer.place)
        else:
            told = _behind(layer, function, estate)
        if isinstance(told, Extension):
            found.setdefault(told.product, told)
        elif isinstance(layer, Unknown) and not name_in(layer.expression):
            unknown.append(layer)
        elif isinstance(told, Unknown):
            unknown.append(told)
    return Carried(tuple(found.values()), tuple(unknown))


def _by_text(arn: str, place: Place) -> Extension | None:
    layer = extension_in(arn)
    return Extension(layer.product, name_in(arn), layer, place) if layer else None


def _behind(link: Link, function: Function, estate: Estate) -> Extension | Unknown | None:
    """What is known of the layer that a reference leads to; of one that perhaps does not exist, nothing is."""
    thing = estate.thing(link.target)
    perhaps = doubt(thing.exists, function.exists) if thing is not None else None
    if perhaps is not None:
        return perhaps
    match thing:
        case LayerVersion():
            return _built(thing, link.place)
        case LayerQuery():
            asked = extension_in(thing.asked) or extension_named(thing.asked)
            return Extension(asked.product, name_in(thing.asked) or thing.asked, asked, link.place) if asked else None
    return Unknown(link.expression, link.place)


def _built(layer: LayerVersion, place: Place) -> Extension | Unknown | None:
    name = layer.name.value if isinstance(layer.name, Known) else ""
    known = extension_named(name)
    if known:
        return Extension(known.product, name, known, place)
    if isinstance(layer.extensions, Unknown):
        return Unknown(f"what {layer.address} holds ({layer.extensions.expression})", layer.place)
    if layer.extensions.value is None:
        return None
    return Extension(f"in {layer.address} (there is a folder extensions in {layer.extensions.value})", name, None, place)


@once_per_subject  # SLS_EXT_1 and SLS_RAD_3 both ask
def why_extension(function: Function, estate: Estate) -> Verdict:
    """Not ours without an extension; passed where the organisation wants each of them; undecided where nothing is known of a layer."""
    found = carried(function, estate)
    if not found.extensions:
        if not found.unknown:
            return not_ours("the function carries no known extension")
        names = joined(list(dict.fromkeys(part.expression for part in found.unknown)))
        return undecided(f"Whether the function carries an extension is decided outside this root: {names}.", *found.unknown)
    wanted = {extension.product: _wanted(extension, estate) for extension in found.extensions}
    asked = [extension for extension in found.extensions if wanted[extension.product] is None]
    allowed = [Evidence(f"the organisation wants it: {rule.because}", rule.place) for rule in wanted.values() if rule is not None]
    if not asked:
        products = joined([extension.product for extension in found.extensions])
        return passed(f"The extension is one that the organisation wants: {products}.", *_cited(found.extensions), *allowed)
    waiting = _who_waits(function, estate) if any(extension.is_of_others for extension in asked) else None
    dates = [extension.layer.as_of for extension in asked if extension.layer]
    return failed(
        f"The function carries an extension, which runs beside it with its credentials, and nothing here says why: {_named(asked, dates)}."
        f"{_waits(waiting)}{_full(function)}",
        *_cited(asked),
        *([waiting] if waiting else []),
        missed=(f"an entry for it below organisation, extensions in {estate.settings.file or 'the settings (.serverful.yaml)'}",),
        severity=Severity.MEDIUM if waiting else Severity.LOW,
        instead=_instead(asked),
        argument="layers",
    )


def _wanted(extension: Extension, estate: Estate) -> AllowedExtension | None:
    return next((rule for rule in estate.settings.extensions if extension.name and is_match(rule.layer, extension.name)), None)


def _cited(extensions: Iterable[Extension]) -> Iterator[Evidence]:
    return (extension.seen for extension in extensions)


def _named(extensions: Iterable[Extension], dates: list[date]) -> str:
    return joined([extension.product for extension in extensions]) + (f" (as of {min(dates)})" if dates else "")


def _who_waits(function: Function, estate: Estate) -> Evidence | None:
    """Somebody who is kept waiting while an extension starts: a synchronous caller, or one for whom executions are kept ready."""
    for caller in callers_of(function, estate):
        if caller.service in _WAITING and isinstance(caller.exists, Known) and caller.callee.unknown is None:
            return Evidence(f"somebody waits for its answer ({caller.service})", caller.place)
    for provisioned in certain(function, Provisioned, estate):
        return Evidence("executions are kept ready for somebody who waits", provisioned.place)
    return None


def _waits(waiting: Evidence | None) -> str:
    return f" It is no extension of AWS's, and starts before the function while {waiting.says}." if waiting else ""


def _full(function: Function) -> str:
    return " All five layers that a function may have are in use." if len(function.layers.items) >= _MOST else ""


_INSTEAD = {
    "observability": (
        'For telemetry take what the platform has: tracing_config { mode = "Active" }, logging_config with log_format = "JSON", metrics '
        "in the log (embedded metric format, Powertools), and an aws_cloudwatch_log_subscription_filter into a stream for tools of others."
    ),
    "secrets": "For secrets and parameters take the SDK with a cache of some minutes (Powertools has one), and let the role read them.",
    "configuration": "For configuration take the SDK's GetLatestConfiguration (AppConfig data) with a cache, or environment variables.",
    "web": "For a web server take a handler behind an API's routes or a function URL, or run the server as a container.",
}


def _instead(extensions: Iterable[Extension]) -> str:
    purposes = dict.fromkeys(extension.layer.purpose for extension in extensions if extension.layer)
    advice = [_INSTEAD[purpose] for purpose in purposes] or ["Call what the extension does from the function, as a library."]
    return " ".join([*advice, "If it has to stay, pin its version and name somebody who raises it."])
