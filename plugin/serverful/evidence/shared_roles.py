"""Which different functions have one role? The account behind SLS_ID_3.

Decisions:
- Functions differ by their handler, or by what their package or image is made of (path, key, URI, or the reference that names it).
  Instances of one block that run the same code are one function. What is decided elsewhere differs from nothing for certain.
- Roles are compared as blocks, never by how an argument spells them: `var.role_arn` of two calls may be two roles.
- A role that lets its functions run, log and be traced, and no more, may be anybody's.
- How many different functions may share one is a setting (`thresholds.functions_per_role`), because a repository of three small functions
  may well have one role.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.identity import allowed, functions_by_role
from serverful.estate.model import Function, Role
from serverful.estate.naming import module_of
from serverful.estate.value import Known, Unknown
from serverful.evidence.evidence import Evidence
from serverful.evidence.exposure import PUBLIC, exposures
from serverful.evidence.identity_services import identity_services
from serverful.evidence.leftovers import may_wear
from serverful.evidence.scoping import scoping
from serverful.policy import Severity
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided
from serverful.wording import joined, shortened

_SHOWN = 5
_OF_INSTANCE = re.compile(r"\b(each|count)\.")


@dataclass(frozen=True, slots=True)
class _Code:
    """What tells a function from others: parts of one kind can be compared. None is not known."""

    handler: str | None
    package: Hashable
    image: str | None
    reference: Hashable


def why_shared(role: Role, estate: Estate) -> Verdict:
    """Failed (contradicted) where more different functions have the role than may; passed where those that have it are the same."""
    functions = functions_by_role(estate).get(role.address, ())
    takers = may_wear(role, estate) if not functions else ()
    if len(takers) > 1:
        return undecided("Which functions have the role is decided outside this root.", *takers)
    if len(functions) < 2:
        return not_ours("no two functions of this root have the role")
    path = _path(functions)
    others = _beyond_upkeep(role)
    if not others and not role.unknown:
        return passed("The role only lets its functions run and write their logs.", *path)
    certain = [function for function in functions if doubt(function.exists, role.exists) is None]
    limit = estate.settings.thresholds.functions_per_role
    different = _different(certain)
    if different > limit and others:
        return _failed(role, certain, estate)
    if different <= limit and not _may_be_more(functions, limit):
        return passed("The functions that have the role run the same code." if limit == 1 else _few(limit), *path)
    unknown = _open(role, functions)
    says = f"Whether different functions share the role is decided elsewhere: {joined([part.expression for part in unknown[:_SHOWN]])}."
    return undecided(says, *unknown, path=path)


def _few(limit: int) -> str:
    return f"No more than {limit} different functions have the role, which the settings allow."


def _failed(role: Role, functions: Sequence[Function], estate: Estate) -> Verdict:
    public, attached = ([f for f in functions if _is(f, key, estate)] for key in (PUBLIC, "vpc"))
    pair = next(((one, other) for one in public[:2] for other in attached[:2] if one is not other), None)
    says = f"Different functions have this role: {shortened([function.address for function in functions], _SHOWN)}. "
    if pair is None:
        says += "Each of them may do what any of them needs."
    else:
        says += f"So {pair[0].address}, which answers the internet, may do what {pair[1].address} needs inside the VPC."
    seen = (
        (one.evidence for f, key in zip(pair, (PUBLIC, "vpc"), strict=True) for one in exposures(f, estate) if one.key == key)
        if pair
        else ()
    )
    return failed(
        says,
        *_path(functions),
        *seen,
        kind=Kind.CONTRADICTED,
        severity=Severity.MEDIUM if pair is None else Severity.HIGH,
        instead=(
            f"Give each function an aws_iam_role of its own, and of the statements of {role.address} those that it needs. What all of them "
            "need, logs for instance, can stay in one aws_iam_policy that is attached to each. If this repository is too small for that, "
            "say so in .serverful.yaml (thresholds.functions_per_role)."
        ),
        argument="role",
        recorded_at=tuple(functions),
    )


def _is(function: Function, key: str, estate: Estate) -> bool:
    return any(one.key == key and one.doubt is None for one in exposures(function, estate))


def _beyond_upkeep(role: Role) -> bool:
    """Whether the role certainly or perhaps allows more than to run, to log and to be traced."""
    stated = any(not scoping().is_upkeep(item) for item in allowed(role))
    return stated or any(policy.name not in identity_services().upkeep_policies for policy in role.managed)


def _different(functions: Sequence[Function]) -> int:
    """How many of them certainly differ from each other."""
    codes = [_code(function) for function in functions]
    kinds = (
        {code.handler for code in codes if code.handler is not None},
        {(code.handler, code.package) for code in codes if code.package is not None},
        {code.image for code in codes if code.image is not None},
        {code.reference for code in codes if code.reference is not None} if _in_one_module(functions) else set(),
    )
    return max(len(kind) for kind in kinds)


def _may_be_more(functions: Sequence[Function], limit: int) -> bool:
    """Whether there may be more different functions than are seen to be: each of which something is not known may be one."""
    codes = [_code(function) for function in functions]
    in_one = _in_one_module(functions)
    known = [code for code in codes if code.package is not None or code.image is not None or (in_one and code.reference is not None)]
    return len(set(known)) + len(codes) - len(known) > limit


def _code(function: Function) -> _Code:
    texts = frozenset(source.value for source in function.sources)
    is_whole = bool(texts) and not any("*" in text for text in texts)
    image = function.image.uri if function.image is not None and "*" not in function.image.uri else None
    references = [part.expression for part in function.sources.unknown] if not texts else []
    # `each.key` is spelled alike in all instances, and means another thing in each.
    reference = () if any(_OF_INSTANCE.search(text) for text in references) else tuple(sorted(references))
    return _Code(
        function.handler.value if isinstance(function.handler, Known) else None,
        texts if is_whole else None,
        image,
        reference or None,
    )


def _in_one_module(functions: Sequence[Function]) -> bool:
    """Whether the same expression means the same in all of them."""
    return len({module_of(function.address) for function in functions}) == 1


def _open(role: Role, functions: Sequence[Function]) -> tuple[Unknown, ...]:
    found: list[Unknown] = list(role.unknown) if not _beyond_upkeep(role) else []
    for function in functions:
        found += [why for why in (doubt(function.exists, role.exists),) if why is not None]
        found += function.sources.unknown
        found += [function.handler] if isinstance(function.handler, Unknown) else []
    return tuple(dict.fromkeys(found)) or (Unknown(f"the code of {functions[0].address}", functions[0].place),)


def _path(functions: Sequence[Function]) -> tuple[Evidence, ...]:
    return tuple(Evidence(f"role of {f.address}", f.role.place if f.role is not None else f.place) for f in functions[:_SHOWN])
