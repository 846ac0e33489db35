"""What asks who comes in: the authorization of a method or route, mutual TLS of a domain name, the actions of a load balancer.

Sources: Terraform AWS provider 6.55 documentation, `aws_api_gateway_method`, `aws_apigatewayv2_route`, `aws_lambda_function_url`,
`aws_api_gateway_domain_name`, `aws_apigatewayv2_domain_name`, `aws_lb_listener` (2026-08). API Gateway developer guide, "How to turn on
mutual TLS authentication": clients can go past it by the default endpoint unless `disable_execute_api_endpoint` closes that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from serverful.estate.model import Guard
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.things.apis import APIS
from serverful.estate.read.things.callers.apis import LISTENERS, RULES, TARGET_GROUPS, groups_of
from serverful.estate.read.things.index import Index
from serverful.estate.value import Known, Listing, Unknown

_OPEN = ("NONE", "")
_DOMAINS = ("aws_apigatewayv2_domain_name", "aws_api_gateway_domain_name")
_MAPPINGS = ("aws_apigatewayv2_api_mapping", "aws_api_gateway_base_path_mapping")
_ASKING_ACTIONS = ("authenticate-cognito", "authenticate-oidc", "jwt-validation")


def of_argument(block: Block, argument: str, *default: str, open_words: Sequence[str] = _OPEN) -> Listing[Guard]:
    """What the argument of a method, route, URL or API asks for; nothing where its word lets everybody in."""
    word = convert.text(block, argument, *default)
    if isinstance(word, Unknown):
        return Listing((), (word,))
    if word.value.upper() in open_words:
        return Listing()
    return Listing((Guard(f'{argument} = "{word.value}"', word.place),))


def api_guards(asked: Listing[Guard], api: Block | None, index: Index) -> Listing[Guard]:
    """What a method or route asks, together with what the domain names of its API ask."""
    if asked.items or api is None or api.type not in APIS:
        return asked
    domains = index.remembered(f"entries: domain names of {api.address}", lambda: _of_domains(api, index))
    return Listing(domains.items, (*asked.unknown, *domains.unknown))


def _of_domains(api: Block, index: Index) -> Listing[Guard]:
    """Mutual TLS, where no way leads past it."""
    is_closed = convert.flag(api, "disable_execute_api_endpoint", False)
    if isinstance(is_closed, Known) and not is_closed.value:
        return Listing()
    found = list(_domains(api, index))
    asked = [_mutual_tls(domain) if isinstance(domain, Block) else domain for domain in found]
    if any(one is None for one in asked):
        return Listing()
    unknown = [one for one in (is_closed, *asked) if isinstance(one, Unknown)]
    if not found:
        unknown.append(Unknown(f"the domain names of {api.address}", api.at("disable_execute_api_endpoint")))
    return Listing((), tuple(unknown)) if unknown else Listing(tuple(one for one in asked if isinstance(one, Guard)))


def _domains(api: Block, index: Index) -> Iterator[Block | Unknown]:
    for type_ in _MAPPINGS:
        mappings = index.children(api.address, APIS, type_, "api_id")
        for mapping in mappings.sure:
            link = index.link(mapping, "domain_name", *_DOMAINS)
            domain = index.block_of(link)
            if domain is None and link is not None and link.origin == "literal":
                named = [block for type_ in _DOMAINS for block in index.named(type_, link.expression, "domain_name")]
                domain = named[0] if len(named) == 1 else None
            is_here = domain is not None and domain.type in _DOMAINS
            yield domain if is_here and domain is not None else Unknown(f"the domain name of {mapping.address}", mapping.place)
        yield from (why for _, why in mappings.possible)


def _mutual_tls(domain: Block) -> Guard | Unknown | None:
    name = "mutual_tls_authentication"
    nested = domain.blocks(name)
    if nested.undecided:
        return convert.unknown(nested.undecided[0], domain.at(name))
    return Guard("mutual TLS", domain.at(name)) if nested.blocks else None


def balancer_guards(attachment: Block, index: Index) -> tuple[Listing[Guard], Place]:
    """What each listener or rule asks that forwards to the target group of an attachment, and where: where one asks nobody, nobody is."""
    group = index.link(attachment, "target_group_arn", *TARGET_GROUPS)
    forwards = _forwarding(index).get(group.target or "", ()) if group is not None else ()
    if not forwards:
        nobody = Unknown(f"which listener forwards to the target group of {attachment.address}", attachment.place)
        return Listing((), (nobody,)), attachment.place
    asked = [(_of_balancer(block, index), block.place) for block in forwards]
    for guards, place in asked:
        if guards.is_empty:
            return guards, place
    together = Listing(
        tuple(guard for guards, _ in asked for guard in guards.items), tuple(part for guards, _ in asked for part in guards.unknown)
    )
    return (Listing((), together.unknown) if together.unknown else together), asked[0][1]


def _forwarding(index: Index) -> dict[str, list[Block]]:
    """The listeners and rules that forward to each target group."""

    def answer() -> dict[str, list[Block]]:
        found: dict[str, list[Block]] = {}
        for block in index.of_type(*LISTENERS, *RULES):
            for group in dict.fromkeys(groups_of(block, index)):
                found.setdefault(group, []).append(block)
        return found

    return index.remembered("entries: listeners and rules by target group", answer)


def _of_balancer(block: Block, index: Index) -> Listing[Guard]:
    unknown: list[Unknown] = []
    for name in ("action", "default_action"):
        actions = block.blocks(name)
        unknown += [convert.unknown(part, block.at(name)) for part in actions.undecided]
        for action in actions.blocks:
            kind = convert.text(action, "type")
            if isinstance(kind, Unknown):
                unknown.append(kind)
            elif kind.value in _ASKING_ACTIONS:
                return Listing((Guard(f'an action of type "{kind.value}"', kind.place),))
    listener = index.block_of(index.link(block, "listener_arn", *LISTENERS)) if block.type in RULES else block
    if listener is None:
        return Listing((), (*unknown, Unknown(f"the listener of {block.address}", block.place)))
    tls = listener.blocks("mutual_authentication")
    unknown += [convert.unknown(part, listener.at("mutual_authentication")) for part in tls.undecided]
    for nested in tls.blocks:
        mode = convert.text(nested, "mode")
        if isinstance(mode, Unknown):
            unknown.append(mode)
        elif mode.value == "verify":
            return Listing((Guard("mutual TLS", mode.place),))
    return Listing((), tuple(unknown))
