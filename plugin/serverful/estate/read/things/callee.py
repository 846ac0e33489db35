"""Which function somebody names, and which version of it: by reference, name, ARN, qualified ARN, `invoke_arn` or a string built of these.

Forms: AWS Lambda API Reference, "FunctionName" of Invoke (name, `name:qualifier`, ARN, partial ARN); API Gateway developer guide,
"uri" of an integration (`arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations`); Application Auto Scaling API
Reference, "RegisterScalableTarget" (`function:NAME:QUALIFIER`). Attributes: Terraform AWS provider 6.55 documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from serverful.estate.model import Callee, Link, Qualified
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Every, Items, Literal, Ref, Term, Text, Undecided, references, shown, sources
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.text_parts import HOLE, after, before, flat, key, rendered, split
from serverful.estate.value import Known, Unknown

FUNCTION, ALIAS, URL = "aws_lambda_function", "aws_lambda_alias", "aws_lambda_function_url"

_UNQUALIFIED = ("", "arn", "function_name", "id", "invoke_arn", "response_streaming_invoke_arn")
_QUALIFIED = ("qualified_arn", "qualified_invoke_arn")
_OF_ALIAS = ("", "arn", "id", "invoke_arn")
# What looks for things that other roots have made: a function that it tells of is none of this root. Any other data source of AWS's tells
# of other things than functions, but for those that hold what somebody wrote into them.
_OTHER_ROOTS = ("aws_lambda_function", "aws_lambda_functions", "aws_lambda_alias", "terraform_remote_state", "tfe_outputs")
_OTHER_ROOTS_TOO = ("aws_cloudformation_stack", "aws_cloudformation_export", "aws_serverlessapplicationrepository_cloudformation_stack")
_HOLDS_TEXT = re.compile(
    r"^aws_(ssm_|secretsmanager_|s3_object|s3_bucket_object|arn$|appconfig_|cloudcontrolapi_|resourcegroupstaggingapi_)"
)

_WAY_TO_FUNCTION, _WAY_ENDS = re.compile("/functions/"), re.compile("/(response-streaming-)?invocations")
_NAME_OF_ARN = re.compile(r"""split\(\s*":"\s*,[^:]*(\)\s*\[\s*6\s*\]|\)\s*,\s*6\s*\))$""")  # `split(":", ARN)[6]`: the name in it
_RESOURCE = re.compile("(^|:)function:")
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_MODULE = re.compile(r'(?:module\.[\w-]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?\.)*')
_PATTERNS = 100  # names with unknown parts that a known name is compared with; where there are more, it may be any of them
_DEEPEST = 4  # conditions inside conditions
_LONGEST = 20  # references that lead to references; cycles are not valid Terraform, but must not hang us


@dataclass(frozen=True, slots=True)
class _Named:
    """A function, and what stands where its qualifier is written."""

    callee: Callee
    qualifier: tuple[Term, ...] = ()


def callee(block: Block, argument: str, index: Index, qualifier: str = "") -> Callee | None:
    """The function an argument names, None where it names none: null, a queue. `qualifier` is the argument that names its version."""
    found = callee_of(block.term(argument), block.at(argument), index)
    return qualified(found, block.term(qualifier), index) if found is not None and qualifier else found


def callee_of(term: Term, place: Place, index: Index) -> Callee | None:
    """The function a term names; None where it certainly names none. Never raises for what Terraform says."""
    named = _named(term, place, index, 0)
    return _with_qualifier(named.callee, named.qualifier, index) if named is not None else None


def qualified(found: Callee, term: Term, index: Index) -> Callee:
    """A callee of which a term of its own names the version; as it was where that is null."""
    return found if convert.settled(term) in (NULL, Literal("")) else _with_qualifier(found, (term,), index)


def function_named(text: str, place: Place, index: Index) -> Callee | None:
    """The function of this root that a known text is the name or ARN of; None for any other text."""
    found = (
        callee_of(Literal(text), place, index) if ":function:" in text else _known_by_parts((Literal(text),), Literal(text), place, index)
    )
    return found if found is not None and found.function is not None and found.unknown is None else None


def _named(term: Term, place: Place, index: Index, depth: int) -> _Named | None:
    if depth == _LONGEST:
        return _Named(_unfollowed(term, place))
    match term:
        case Literal(None) | Literal(""):
            return None
        case Literal() | Text():
            return _by_text(term, place, index, depth)
        case Ref():
            return _by_reference(term, place, index, depth)
        case Every(inner, _) | Items(items=(inner,), rest=()):
            return _named(inner, place, index, depth + 1)
        case Undecided():
            return _of_several(term, place, index, depth)
    return _Named(_unfollowed(term, place))


# --- references -------------------------------------------------------------------------------------------------------------------


def _by_reference(ref: Ref, place: Place, index: Index, depth: int) -> _Named | None:
    block = ref.block
    attribute = str(ref.path[0]) if ref.path else ""
    if block.mode == "module":
        return _Named(_of_module(ref, place, index))
    if block.mode == "data":
        return _of_data(ref, attribute, place, index, depth)
    if block.type == FUNCTION:
        return _of_function(ref, attribute, place)
    if block.type == ALIAS and attribute in (*_OF_ALIAS, "function_name"):
        own = _named(block.term("function_name"), place, index, depth + 1)
        found = own.callee if own is not None else Callee(None, ref.expression)
        found = replace(found, expression=ref.expression)
        return _Named(found if attribute == "function_name" else _of_alias(found, block))
    if block.type == URL and attribute == "function_arn":
        return _named(block.term("function_name"), place, index, depth + 1)
    if block.type == "terraform_data" and attribute == "output":
        return _named(block.term("input"), place, index, depth + 1)
    inner = convert.written(ref)
    if inner is not None:
        return _named(inner, place, index, depth + 1)
    if block.type in _OTHER_ROOTS_TOO or block.type.startswith("awscc_lambda_"):
        return _Named(Callee(None, ref.expression))
    return None if block.type.startswith(("aws_", "awscc_")) else _by_parts((ref,), (), ref, place, index)


def _of_function(ref: Ref, attribute: str, place: Place) -> _Named | None:
    if attribute not in (*_UNQUALIFIED, *_QUALIFIED):
        return None
    found = Callee(_link(ref.block, ref.expression, place, attribute), ref.expression)
    return _Named(replace(found, qualified=published(ref.block)) if attribute in _QUALIFIED else found)


def published(block: Block) -> Qualified:
    """What the version that a function names as its own is: without `publish`, that is `$LATEST`."""
    publishes = convert.flag(block, "publish", False)
    if isinstance(publishes, Unknown):
        return Qualified.UNKNOWN
    return Qualified.VERSION if publishes.value else Qualified.LATEST


def _of_alias(found: Callee, alias: Block) -> Callee:
    name = convert.optional_text(alias, "name")
    known = name.value if isinstance(name, Known) and name.value else ""
    return replace(found, qualified=Qualified.ALIAS, qualifier=known, alias=alias.address if alias.mode == "managed" else "")


def _of_data(ref: Ref, attribute: str, place: Place, index: Index, depth: int) -> _Named | None:
    """A data source that asks for a function by a name of this root's leads to it; else what it finds is another root's."""
    block = ref.block
    if block.type in (FUNCTION, ALIAS):
        own = _named(block.term("function_name"), place, index, depth + 1)
        if own is None or own.callee.function is None or own.callee.unknown is not None:
            return _Named(Callee(None, ref.expression))
        found = replace(own.callee, expression=ref.expression)
        if block.type == ALIAS:
            return _Named(found, (block.term("name"),)) if attribute in _OF_ALIAS else _Named(found)
        asked = block.term("qualifier")
        return _Named(found, (asked,)) if attribute in _QUALIFIED and convert.settled(asked) != NULL else _Named(found)
    if block.type in _OTHER_ROOTS or block.type in _OTHER_ROOTS_TOO:
        return _Named(Callee(None, ref.expression))
    if block.type.startswith("aws_") and not _HOLDS_TEXT.match(block.type):
        return None
    return _by_parts((ref,), (), ref, place, index)


def _of_module(ref: Ref, place: Place, index: Index) -> Callee:
    """An output of a module that is not here: a function of its own, unless it was given one of this root (to put an alias on it)."""
    given = index.remembered(f"callee: given to {ref.block.address}", lambda: _given(ref.block))
    if not given:
        return Callee(None, ref.expression)
    unknown = replace(convert.unknown(ref, place), mentions=tuple(block.address for block in given))
    only = _link(given[0], ref.expression, place) if len(given) == 1 else None
    return Callee(only, ref.expression, Qualified.UNKNOWN, unknown=unknown)


def _given(call: Block) -> tuple[Block, ...]:
    """The functions of this root that a module call's arguments refer to, two at most."""
    return _functions_behind(ref for name in call.names() for ref in references(call.term(name)))


def _functions_behind(refs: Iterable[Ref]) -> tuple[Block, ...]:
    """The functions that references lead to, two at most: then nobody can tell them apart."""
    found: dict[str, Block] = {}
    for ref in refs:
        function = _function_behind(ref)
        if function is not None:
            found[function.address] = function
        if len(found) == 2:
            break
    return tuple(found.values())


def _function_behind(ref: Ref) -> Block | None:
    """The function that a reference to it, to its alias or to its URL leads to by references alone."""
    term: Term = ref
    for _ in range(_LONGEST):
        if not isinstance(term, Ref) or term.block.mode != "managed":
            return None
        if term.block.type == FUNCTION:
            return term.block
        if term.block.type not in (ALIAS, URL):
            return None
        term = term.block.term("function_name")
    return None


def _of_several(term: Undecided, place: Place, index: Index, depth: int) -> _Named | None:
    """What is decided elsewhere, or computed by a function that we do not know: perhaps it can only lead to one function."""
    if term.is_missing:  # an instance that is not there: Terraform would refuse it where it mattered
        return None
    mentions = term.mentions[:2] if depth < _DEEPEST else ()  # the branches of a condition, or what something was computed of
    branches = [_named(mention, place, index, depth + 1) for mention in mentions]
    sure = [branch for branch in branches if branch is not None and branch.callee.function is not None and branch.callee.unknown is None]
    if len(sure) == 2 and len({branch.callee.function and branch.callee.function.target for branch in sure}) == 1:
        versions = {(branch.callee.qualified, branch.callee.qualifier, branch.callee.alias, branch.qualifier) for branch in sure}
        return sure[0] if len(versions) == 1 else _Named(Callee(sure[0].callee.function, _shown(term), Qualified.UNKNOWN))
    unknown = convert.unknown(term, place)
    found = _functions_behind(references(term))
    is_closed = next(sources(term), None) is None
    if not found:
        others = [ref for ref in references(term) if ref.block.type.startswith("aws_")]
        return None if is_closed and others else _by_parts((term,), (), term, place, index)
    only_link = _link(found[0], _shown(term), place) if len(found) == 1 else None
    version = Qualified.LATEST if _NAME_OF_ARN.search(term.expression) else Qualified.UNKNOWN
    return _Named(Callee(only_link, _shown(term), version, unknown=None if only_link and is_closed else unknown))


# --- names and ARNs ---------------------------------------------------------------------------------------------------------------


def _by_text(term: Literal | Text, place: Place, index: Index, depth: int) -> _Named | None:
    parts = tuple(flat(term))
    whole = rendered(parts)
    if "://" in whole or not _is_of_lambda(whole):
        return None
    parts = before(after(parts, _WAY_TO_FUNCTION) or parts, _WAY_ENDS)
    arn = rendered(parts)
    resource = after(parts, _RESOURCE)
    if not resource and arn.startswith("arn:"):
        return _Named(_unfollowed(term, place)) if HOLE in arn else None
    name, qualifier = split(resource or parts)
    if len(name) != 1 or isinstance(name[0], Literal) or _names(index).get(key(name)):
        return _by_parts(name, qualifier, term, place, index)
    found = _named(name[0], place, index, depth + 1)
    return _Named(replace(found.callee, expression=_shown(term)), qualifier or found.qualifier) if found is not None else None


def _is_of_lambda(rendered: str) -> bool:
    """Whether a text may name a function: an ARN of Lambda's or of API Gateway's way to it, or no ARN at all."""
    if not rendered.startswith("arn:"):
        return True
    service = rendered.split(":")[2] if rendered.count(":") >= 2 else HOLE
    if service == "apigateway":
        return "/functions/" in rendered or (":lambda:" in rendered and HOLE in rendered)
    return service == "lambda" or HOLE in service


def _by_parts(name: tuple[Term, ...], qualifier: tuple[Term, ...], term: Term, place: Place, index: Index) -> _Named | None:
    """By name, known or built of the same parts as a function's own."""
    found = _known_by_parts(name, term, place, index)
    if found is not None:
        return _Named(found, qualifier)
    if all(isinstance(part, Literal) for part in name):
        text = rendered(name)
        if "${" in text:  # API Gateway puts its stage variables in when it is called
            return _Named(Callee(None, _shown(term), unknown=Unknown(text, place)), qualifier)
        if not _NAME.fullmatch(text):
            return None
        if not _may_be_named(text, index):
            return _Named(Callee(None, _shown(term)), qualifier)
    elif _is_no_functions(name, index):
        return _Named(Callee(None, _shown(term)), qualifier)
    unknown = convert.unknown(Text(name) if len(name) > 1 else name[0], place)
    return _Named(Callee(None, _shown(term), Qualified.UNKNOWN, unknown=unknown), qualifier)


def _known_by_parts(name: tuple[Term, ...], term: Term, place: Place, index: Index) -> Callee | None:
    """The function of that name. Of several, the only one in the caller's own module: names are the account's and region's."""
    same = _names(index).get(key(name), [])
    if len(same) > 1:
        module = _module(place.address)
        same = [block for block in same if _module(block.address) == module] or same
    if not same:
        return None
    if len(same) == 1:
        return Callee(_link(same[0], _shown(term), place), _shown(term))
    return Callee(None, _shown(term), unknown=Unknown(_shown(term), place, tuple(block.address for block in same)))


def _names(index: Index) -> dict[str, list[Block]]:
    """The functions by what their names are made of."""

    def answer() -> dict[str, list[Block]]:
        found: dict[str, list[Block]] = {}
        for block in index.of_type(FUNCTION):
            parts = tuple(flat(block.term("function_name")))
            if parts:
                found.setdefault(key(parts), []).append(block)
        return found

    return index.remembered("callee: names", answer)


def _beginning(name: Sequence[Term]) -> str:
    """A name up to its last unknown part."""
    return key(name).rpartition("\0")[0]


def _beginnings(index: Index) -> set[str]:
    return index.remembered("callee: beginnings of names", lambda: {name.rpartition("\0")[0] for name in _names(index)})


def _may_be_named(name: str, index: Index) -> bool:
    """Whether a function of this root, whose own name is not wholly known, may have this one."""

    def answer() -> list[re.Pattern[str]]:
        written = {re.sub("\0[^\0]*\0", HOLE, key) for key in _names(index) if "\0" in key}
        return [re.compile(".*".join(re.escape(piece) for piece in text.split(HOLE))) for text in sorted(written)]

    patterns = index.remembered("callee: names with unknown parts", answer)
    return len(patterns) > _PATTERNS or any(pattern.fullmatch(name) for pattern in patterns)


def _is_no_functions(name: Sequence[Term], index: Index) -> bool:
    """Whether certainly no function of this root has a name with unknown parts.

    Either every function's begins with the same unknown part and goes on differently, or none begins and ends with words that fit.
    """
    return {_beginning(name)} == _beginnings(index) or not _may_be_named_like(rendered(name), index)


def _may_be_named_like(name: str, index: Index) -> bool:
    ends = index.remembered("callee: ends of names", lambda: {_ends(re.sub("\0[^\0]*\0", HOLE, key)) for key in _names(index)})
    first, last = _ends(name)
    return (
        "${" in name  # API Gateway puts its stage variables in
        or len(ends) > _PATTERNS
        or any(_fit(first, other) and _fit(last[::-1], end[::-1]) for other, end in ends)
    )


def _ends(name: str) -> tuple[str, str]:
    """The known words that a name begins and ends with; the whole of it twice where all of it is known."""
    return name.partition(HOLE)[0], name.rpartition(HOLE)[2]


def _fit(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


# --- qualifiers -------------------------------------------------------------------------------------------------------------------


def _with_qualifier(found: Callee, terms: tuple[Term, ...], index: Index) -> Callee:
    """The version that a qualifier names: `$LATEST`, a number, an alias, or what is decided elsewhere."""
    if not terms:
        return found
    alias = _alias_named(terms)
    if alias is not None:
        return _of_alias(found, alias)
    only = terms[0] if len(terms) == 1 else NULL
    if isinstance(only, Ref) and only.block.type == FUNCTION and only.path == ("version",):
        return replace(found, qualified=published(only.block), qualifier="", alias="")
    parts = tuple(part for term in terms for part in flat(term))
    text = rendered(parts)
    if text == "$LATEST":
        return replace(found, qualified=Qualified.LATEST, qualifier="", alias="")
    own = _aliases(index).get((found.function.target, key(parts))) if found.function is not None else None
    if own is not None:
        return _of_alias(found, own)
    if HOLE in text or "${" in text:
        return replace(found, qualified=Qualified.UNKNOWN, qualifier="", alias="")
    if text.isdecimal() or text.startswith("$LATEST."):  # `$LATEST.PUBLISHED`, of functions on managed instances
        return replace(found, qualified=Qualified.VERSION, qualifier=text if text.isdecimal() else "", alias="")
    return replace(found, qualified=Qualified.ALIAS, qualifier=text, alias="")


def _alias_named(terms: tuple[Term, ...]) -> Block | None:
    """The alias whose name a qualifier is, also where that is cut out of its ARN: `split(":", aws_lambda_alias.a.arn)[7]`."""
    if len(terms) != 1:
        return None
    term = terms[0]
    if isinstance(term, Undecided) and next(sources(term), None) is None:
        aliases = {ref.block.address: ref.block for ref in references(term) if ref.block.type == ALIAS}
        return next(iter(aliases.values())) if len(aliases) == 1 else None
    is_alias = isinstance(term, Ref) and term.block.type == ALIAS and term.block.mode == "managed" and term.path == ("name",)
    return term.block if is_alias and isinstance(term, Ref) else None


def _aliases(index: Index) -> dict[tuple[str | None, str], Block]:
    """The aliases of this root's functions by function and by what their names are made of."""

    def answer() -> dict[tuple[str | None, str], Block]:
        found: dict[tuple[str | None, str], Block] = {}
        for block in index.of_type(ALIAS):
            named = _named(block.term("function_name"), block.at("function_name"), index, 0)
            parts = tuple(flat(block.term("name")))
            if named is not None and named.callee.function is not None and parts:
                found.setdefault((named.callee.function.target, key(parts)), block)
        return found

    return index.remembered("callee: aliases", answer)


def _module(address: str) -> str:
    """`module.a.aws_lambda_function.f` -> `module.a.`."""
    match = _MODULE.match(address)
    return match[0] if match else ""


def _link(block: Block, expression: str, place: Place, attribute: str = "") -> Link:
    return Link(block.address, expression, place, attribute)


def _unfollowed(term: Term, place: Place) -> Callee:
    return Callee(None, _shown(term), Qualified.UNKNOWN, unknown=convert.unknown(term, place))


def _shown(term: Term) -> str:
    return " ".join(shown(term).strip('"').split())
