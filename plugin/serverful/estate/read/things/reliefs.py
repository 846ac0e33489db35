"""What takes load from functions before it reaches them: distributions, caches, throttles, WAF rate rules, direct integrations.

Arguments: Terraform AWS provider 6.55 documentation, `aws_cloudfront_distribution` (`origin.domain_name`), `aws_api_gateway_stage`,
`aws_api_gateway_method_settings` (a throttling limit of -1 switches throttling off), `aws_api_gateway_usage_plan`,
`aws_apigatewayv2_stage`, `aws_wafv2_web_acl` and its association, `aws_api_gateway_integration` (2026-08). An edge-optimized API has no
relief by that: it caches nothing (API Gateway developer guide, "API endpoint types for REST APIs").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from serverful.estate.model import Relief
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Term, references, shown
from serverful.estate.read.things.index import Index
from serverful.estate.value import Known, Unknown
from serverful.natural import natural

Reader = Callable[[Block, Index], Iterable[Relief]]

_REST, _HTTP, _URL = "aws_api_gateway_rest_api", "aws_apigatewayv2_api", "aws_lambda_function_url"
_FRONTS = (_REST, _HTTP, _URL, "aws_lb", "aws_alb")
# What belongs to a front, and the argument that names it.
_PARTS = {
    "aws_api_gateway_stage": "rest_api_id",
    "aws_api_gateway_deployment": "rest_api_id",
    "aws_apigatewayv2_stage": "api_id",
    "aws_apigatewayv2_deployment": "api_id",
}
_DOMAINS = ("aws_apigatewayv2_domain_name", "aws_api_gateway_domain_name")
_MAPPINGS = ("aws_apigatewayv2_api_mapping", "aws_api_gateway_base_path_mapping")
# Origins that certainly are none of ours: buckets and what serves files from them.
_FILES = re.compile(r"\bs3\b|s3[.\-]|bucket|website|static|assets|media", re.IGNORECASE)
_CDN, _CACHE, _LIMIT, _WAF, _DIRECT = "a CDN", "a cache", "a rate limit", "a WAF rate rule", "a direct integration"


def reliefs(index: Index) -> tuple[Relief, ...]:
    """Everything in this root that may take load from an API, a function URL or a load balancer, in natural order of its blocks."""
    found = [relief for type_, reader in _READERS.items() for block in index.of_type(type_) for relief in reader(block, index)]
    return tuple(sorted(dict.fromkeys(found), key=lambda relief: natural(relief.by)))


def _relief(block: Block, says: str, fronts: Iterable[str], unknown: Unknown | None = None) -> Relief:
    return Relief(block.address, block.place, block.exists, says, tuple(dict.fromkeys(fronts)), unknown)


def fronts_in(term: Term, index: Index) -> list[str]:
    """The fronts that a term speaks of: by themselves, a stage, a deployment or a domain name."""
    return [address for ref in references(term) if ref.block.mode == "managed" for address in _front_of(ref.block, index)]


def _front_of(block: Block, index: Index) -> list[str]:
    if block.type in _FRONTS:
        return [block.address]
    if block.type in _PARTS:
        link = index.link(block, _PARTS[block.type], _REST, _HTTP)
        return [link.target] if link is not None and link.target is not None else []
    if block.type in _DOMAINS:
        mapped = [child for type_ in _MAPPINGS for child in index.children(block.address, _DOMAINS, type_, "domain_name").sure]
        links = [index.link(child, "api_id", _REST, _HTTP) for child in mapped]
        return [link.target for link in links if link is not None and link.target is not None]
    return []


# --- in front of everything -------------------------------------------------------------------------------------------------------


def _distribution(block: Block, index: Index) -> Iterator[Relief]:
    origins = block.blocks("origin")
    for origin in origins.blocks:
        term = origin.term("domain_name")
        fronts = fronts_in(term, index)
        written = f"{shown(term)} {' '.join(ref.block.type for ref in references(term))}"
        if fronts:
            yield _relief(block, _CDN, fronts)
        elif not _FILES.search(written):
            yield _relief(block, _CDN, (), Unknown(f"what the origin {shown(term)[:80]} leads to", origin.at("domain_name")))
    for part in origins.undecided:
        yield _relief(block, _CDN, (), convert.unknown(part, block.at("origin")))


def _association(block: Block, index: Index) -> Iterator[Relief]:
    """A web ACL in front of a stage or load balancer, where it counts requests."""
    link = index.link(block, "web_acl_arn", "aws_wafv2_web_acl")
    acl = index.block_of(link)
    fronts = fronts_in(block.term("resource_arn"), index)
    if acl is None or acl.type != "aws_wafv2_web_acl":
        name = link.expression if link is not None else f"{block.address}.web_acl_arn"
        yield _relief(block, _WAF, fronts, Unknown(f"whether {name} counts requests", block.place))
        return
    counts = _counts(acl)
    if counts is not False:
        unknown = counts if isinstance(counts, Unknown) else None
        if not fronts and unknown is None:
            unknown = Unknown(f"what {block.address} stands before", block.at("resource_arn"))
        yield _relief(block, _WAF, fronts, unknown)


def _classic(block: Block, index: Index) -> Iterator[Relief]:
    """A web ACL of AWS WAF Classic: what its rules are made of is not read."""
    yield _relief(
        block, _WAF, fronts_in(block.term("resource_arn"), index), Unknown(f"whether {block.address} counts requests", block.place)
    )


def _counts(acl: Block) -> bool | Unknown:
    """Whether a rule of a web ACL limits the rate of requests."""
    if acl.has("rule_json"):
        return Unknown(f"{acl.address}.rule_json", acl.at("rule_json"))
    rules = acl.blocks("rule")
    unknown = [convert.unknown(part, acl.at("rule")) for part in rules.undecided]
    for rule in rules.blocks:
        for statement in rule.blocks("statement").blocks:
            if statement.blocks("rate_based_statement").blocks:
                return True
            if statement.blocks("rule_group_reference_statement").blocks:
                unknown.append(Unknown(f"what the rule group of {acl.address} holds", acl.place))
    return unknown[0] if unknown else False


# --- of an API --------------------------------------------------------------------------------------------------------------------


def _stage(block: Block, index: Index) -> Iterator[Relief]:
    on = convert.flag(block, "cache_cluster_enabled", False)
    if isinstance(on, Unknown) or on.value:
        yield _relief(block, _CACHE, _front_of(block, index), on if isinstance(on, Unknown) else None)


def _method_settings(block: Block, index: Index) -> Iterator[Relief]:
    link = index.link(block, "rest_api_id", _REST)
    fronts = [link.target] if link is not None and link.target is not None else []
    for settings in block.blocks("settings").blocks:
        cached = convert.flag(settings, "caching_enabled", False)
        if isinstance(cached, Unknown) or cached.value:
            yield _relief(block, _CACHE, fronts, cached if isinstance(cached, Unknown) else None)
        yield from _limits(block, settings, "throttling_rate_limit", "throttling_burst_limit", fronts)


def _limits(block: Block, holder: Block, rate: str, burst: str, fronts: Iterable[str]) -> Iterator[Relief]:
    for name in (rate, burst):
        if convert.settled(holder.term(name)) == NULL:
            continue
        value = convert.number(holder, name)
        if isinstance(value, Unknown):
            yield _relief(block, _LIMIT, fronts, value)
        elif value.value >= 0:
            yield _relief(block, _LIMIT, fronts)


def _usage_plan(block: Block, index: Index) -> Iterator[Relief]:
    asked = [(nested, block.blocks(nested)) for nested in ("throttle_settings", "quota_settings")]
    if not any(found.blocks or found.undecided for _, found in asked):
        return
    unknown = next(
        (convert.unknown(found.undecided[0], block.at(name)) for name, found in asked if not found.blocks and found.undecided), None
    )
    if any(found.blocks for _, found in asked):
        unknown = None
    fronts = [front for stage in block.blocks("api_stages").blocks for front in fronts_in(stage.term("api_id"), index)]
    if not fronts and block.blocks("api_stages").undecided:
        unknown = convert.unknown(block.blocks("api_stages").undecided[0], block.at("api_stages"))
    if fronts or unknown is not None:
        yield _relief(block, _LIMIT, fronts, unknown)


def _http_stage(block: Block, index: Index) -> Iterator[Relief]:
    for name in ("default_route_settings", "route_settings"):
        nested = block.blocks(name)
        for settings in nested.blocks:
            yield from _limits(block, settings, "throttling_rate_limit", "throttling_burst_limit", _front_of(block, index))
        for part in nested.undecided:
            yield _relief(block, _LIMIT, _front_of(block, index), convert.unknown(part, block.at(name)))


def _integration(block: Block, index: Index) -> Iterator[Relief]:
    """Requests that AWS's own services answer (`type = "AWS"`, to something else than Lambda)."""
    kind, uri = convert.text(block, "type"), shown(block.term("uri"))
    method = convert.text(block, "http_method")
    is_read = isinstance(method, Known) and method.value.upper() in ("GET", "HEAD", "ANY")
    is_direct = isinstance(kind, Known) and kind.value == "AWS" and not re.search(r"lambda", uri, re.IGNORECASE)
    link = index.link(block, "rest_api_id", _REST)
    if is_direct and is_read and link is not None and link.target is not None:
        yield _relief(block, _DIRECT, (link.target,))


_READERS: dict[str, Reader] = {
    "aws_cloudfront_distribution": _distribution,
    "aws_wafv2_web_acl_association": _association,
    "aws_wafregional_web_acl_association": _classic,
    "aws_api_gateway_stage": _stage,
    "aws_api_gateway_method_settings": _method_settings,
    "aws_api_gateway_usage_plan": _usage_plan,
    "aws_apigatewayv2_stage": _http_stage,
    "aws_api_gateway_integration": _integration,
}
