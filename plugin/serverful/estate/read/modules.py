"""Functions of registry modules that nobody downloaded, made from what the `module` block gives them.

terraform-aws-modules/lambda/aws (main.tf and variables.tf, read at 8.8.1, 2026-06-19): `aws_lambda_function.this` where `create` and
`create_function` (true by default) say so and `create_layer` (false) does not. `vpc_config` only where neither `vpc_subnet_ids` nor
`vpc_security_group_ids` is null, `file_system_config` likewise; runtime and handler only for a Zip. cloudposse/lambda-function/aws (main.tf
and variables.tf, 2025-10): where `enabled` says so, which may come from `context`; `vpc_config` and `lambda_environment` are objects, or
null.

The role that such a module makes lies in the module, with policies that other modules and people may add: it is named and not seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from serverful.estate.model import Function
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block, Blocks
from serverful.estate.read.list_functions import opened
from serverful.estate.read.term import NULL, Entries, Literal, Term, Undecided
from serverful.estate.read.things.function import function
from serverful.estate.read.things.index import Index
from serverful.estate.registry import REGISTRY
from serverful.estate.value import Known, Unknown, Value

_ADDRESS = "aws_lambda_function.this[0]"  # in both modules


@dataclass(frozen=True, slots=True)
class Given:
    """What a module writes for an argument, and the input it takes it from."""

    term: Term
    input: str = ""


@dataclass(slots=True)
class Inside:
    """What stands in a block that a module makes."""

    arguments: dict[str, Given] = field(default_factory=dict)
    nested: dict[str, Blocks] = field(default_factory=dict)


class InModule(Block):
    """A block that a module makes, in the shape of a block that is read. It stands where the module is called."""

    def __init__(self, call: Block, type_: str, address: str, exists: Value[bool], inside: Inside, place: Place | None = None) -> None:
        self.mode = "managed" if place is None else "nested"
        self.type, self.name, self.address = type_, call.name, address
        self.place, self.exists, self.comments, self.calls = place or call.place, exists, call.comments, call.calls
        self._call, self._inside = call, inside

    def has(self, name: str) -> bool:
        return name in self._inside.arguments or name in self._inside.nested

    def names(self) -> Sequence[str]:
        return (*self._inside.arguments, *self._inside.nested)

    def term(self, name: str) -> Term:
        given = self._inside.arguments.get(name)
        return given.term if given is not None else NULL

    def at(self, name: str) -> Place:
        given = self._inside.arguments.get(name)
        if given is not None:
            return self._call.at(given.input) if given.input and self._call.has(given.input) else self.place
        nested = self._inside.nested.get(name)
        return nested.blocks[0].place if nested is not None and nested.blocks else self.place

    def at_entry(self, name: str, key: str) -> Place:
        given = self._inside.arguments.get(name)
        return self._call.at_entry(given.input, key) if given is not None and given.input else self.at(name)

    def blocks(self, name: str) -> Blocks:
        return self._inside.nested.get(name, Blocks())


@dataclass(frozen=True, slots=True)
class _Module:
    """A module whose function is known: what its source looks like, whether it makes one, and what stands in it."""

    source: re.Pattern[str]
    made: Callable[[Block], Value[bool]]
    inside: Callable[[Block, Value[bool]], Inside]


def is_understood(block: Block) -> bool:
    """Whether a call that is not loaded calls a module of which it is known what it makes of its inputs: a function, or nothing."""
    return _module(block) is not None and not _is(block, "create_layer", True, default=False)


def function_in(block: Block, index: Index) -> Function | None:
    """The function that a call makes; None for another module, and where the call says that it makes none."""
    known = _module(block)
    if known is None:
        return None
    exists = known.made(block)
    if isinstance(exists, Known) and not exists.value:
        return None
    made = InModule(block, "aws_lambda_function", f"{block.address}.{_ADDRESS}", exists, known.inside(block, exists))
    return replace(function(made, index), type="module")


def _module(block: Block) -> _Module | None:
    source = convert.settled(block.term("source"))
    if not isinstance(source, Literal) or not isinstance(source.value, str):
        return None
    text = source.value
    return next((module for module in _MODULES if module.source.search(text)), None)


def _is(block: Block, switch: str, wanted: bool, *, default: bool) -> bool:
    """Whether a switch is certainly on, or off."""
    value = convert.flag(block, switch, default)
    return isinstance(value, Known) and value.value is wanted


def _all_of(block: Block, *switches: Value[bool]) -> Value[bool]:
    """Whether all of it is so: one certain no settles it, else the first that is decided elsewhere."""
    for switch in switches:
        if isinstance(switch, Known) and not switch.value:
            return switch
    undecided = (switch for switch in (block.exists, *switches) if isinstance(switch, Unknown))
    return next(undecided, block.exists)


# --- terraform-aws-modules/lambda/aws -----------------------------------------------------------------------------------------------


def _lambda_made(block: Block) -> Value[bool]:
    layer = convert.flag(block, "create_layer", False)
    no_layer = Known(not layer.value, layer.place, layer.basis) if isinstance(layer, Known) else layer
    return _all_of(block, convert.flag(block, "create", True), convert.flag(block, "create_function", True), no_layer)


_OF_LAMBDA = ("function_name", "package_type", "layers", "timeout", "memory_size", "tags", "publish")


def _lambda_inside(block: Block, exists: Value[bool]) -> Inside:
    inside = Inside(_taken(block, *_OF_LAMBDA))
    package = convert.settled(block.term("package_type"))
    if not isinstance(package, Literal) or package.value in (None, "Zip"):
        inside.arguments |= _taken(block, "runtime", "handler")
    inside.arguments["role"] = _role(block)
    make = _Maker(block, exists)
    network = {"subnet_ids": "vpc_subnet_ids", "security_group_ids": "vpc_security_group_ids"}
    inside.nested["vpc_config"] = make.unless_null("vpc_config", network, {"ipv6_allowed_for_dual_stack": "ipv6_allowed_for_dual_stack"})
    files = {"arn": "file_system_arn", "local_mount_path": "file_system_local_mount_path"}
    inside.nested["file_system_config"] = make.unless_null("file_system_config", files)
    inside.nested["environment"] = make.unless_null("environment", {"variables": "environment_variables"})
    inside.nested["ephemeral_storage"] = make.unless_null("ephemeral_storage", {"size": "ephemeral_storage_size"})
    inside.nested["dead_letter_config"] = make.unless_null("dead_letter_config", {"target_arn": "dead_letter_target_arn"})
    inside.nested["durable_config"] = make.unless_null("durable_config", {"execution_timeout": "durable_config_execution_timeout"})
    inside.nested["snap_start"] = make.snap_start()
    inside.nested["capacity_provider_config"] = make.capacity_provider()
    return inside


def _role(block: Block) -> Given:
    """`lambda_role` where the module certainly makes none itself; else a name for the one it makes."""
    if _is(block, "create_role", False, default=True):
        return Given(block.term("lambda_role"), "lambda_role")
    return Given(Undecided(f"the role that {block.address} makes"))


# --- cloudposse/lambda-function/aws -------------------------------------------------------------------------------------------------


def _cloudposse_made(block: Block) -> Value[bool]:
    """null-label: `enabled` is that of `context` where it is not given itself, and true where neither is."""
    if opened(block.term("enabled")) == NULL and opened(block.term("context")) != NULL:
        return _all_of(block, convert.unknown(block.term("context"), block.at("context")))
    return _all_of(block, convert.flag(block, "enabled", True))


_OF_CLOUDPOSSE = ("function_name", "package_type", "runtime", "handler", "layers", "timeout", "memory_size", "tags", "publish")


def _cloudposse_inside(block: Block, exists: Value[bool]) -> Inside:
    inside = Inside(_taken(block, *_OF_CLOUDPOSSE))
    inside.arguments["role"] = Given(Undecided(f"the role that {block.address} makes"))
    make = _Maker(block, exists)
    inside.nested["vpc_config"] = make.object("vpc_config", "vpc_config", ("subnet_ids", "security_group_ids"))
    inside.nested["environment"] = make.object("environment", "lambda_environment", ("variables",))
    inside.nested["ephemeral_storage"] = make.unless_null("ephemeral_storage", {"size": "ephemeral_storage_size"})
    inside.nested["dead_letter_config"] = make.unless_null("dead_letter_config", {"target_arn": "dead_letter_config_target_arn"})
    return inside


# --- what both are made of ----------------------------------------------------------------------------------------------------------


def _taken(block: Block, *names: str) -> dict[str, Given]:
    """Inputs that are handed on under their own names, where they are given."""
    return {name: Given(block.term(name), name) for name in names if block.has(name)}


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the nested blocks of one call's function."""

    call: Block
    exists: Value[bool]

    def unless_null(self, name: str, inputs: Mapping[str, str], more: Mapping[str, str] | None = None) -> Blocks:
        """The block of these inputs where none of them is null; undecided where that of one of them is foreseen and decided elsewhere."""
        given = {argument: Given(self.call.term(input_), input_) for argument, input_ in inputs.items()}
        terms = [opened(one.term) for one in given.values()]
        if NULL in terms:
            return Blocks()
        block = self._block(name, given | {argument: Given(self.call.term(i), i) for argument, i in (more or {}).items()})
        perhaps = tuple(term for term in terms if isinstance(term, Undecided) and term.may_be_empty)
        return Blocks(undecided=perhaps[:1], possible=(block,)) if perhaps else Blocks((block,))

    def object(self, name: str, input_: str, attributes: Sequence[str]) -> Blocks:
        """The block of an object, unless that is null."""
        term = opened(self.call.term(input_))
        if term == NULL:
            return Blocks()
        if isinstance(term, Entries) and not term.rest:
            return Blocks((self._block(name, {key: Given(term.entries.get(key, NULL), input_) for key in attributes}),))
        why = term if isinstance(term, Undecided) else Undecided(convert.unknown(term, self.call.at(input_)).expression, mentions=(term,))
        given = {key: Given(replace(why, expression=f"{why.expression}.{key}"), input_) for key in attributes}
        return Blocks(undecided=(why,), possible=(self._block(name, given),))

    def snap_start(self) -> Blocks:
        """`snap_start` is true or false; a block is there where it is true."""
        wanted = convert.flag(self.call, "snap_start", False)
        if isinstance(wanted, Known):
            return Blocks(
                (self._block("snap_start", {"apply_on": Given(Literal("PublishedVersions"), "snap_start")}),) if wanted.value else ()
            )
        return Blocks(undecided=(Undecided(wanted.expression, wanted.names),))

    def capacity_provider(self) -> Blocks:
        """The provider of managed instances, in two blocks one in another."""
        inner = "lambda_managed_instances_capacity_provider_config"
        found = self.unless_null(inner, {"capacity_provider_arn": "managed_instances_capacity_provider_arn"})
        if not found.blocks:
            return found
        return Blocks((self._block("capacity_provider_config", {}, {inner: found}),))

    def _block(self, name: str, arguments: dict[str, Given], nested: dict[str, Blocks] | None = None) -> InModule:
        inputs = (given.input for given in arguments.values() if given.input and self.call.has(given.input))
        place = next((self.call.at(name) for name in inputs), self.call.place)
        if nested:
            place = next((block.place for blocks in nested.values() for block in blocks.blocks), place)
        return InModule(self.call, name, f"{self.call.address}.{_ADDRESS}", self.exists, Inside(arguments, nested or {}), place)


_MODULES = (
    _Module(re.compile(REGISTRY + r"terraform-aws-modules/lambda/aws$"), _lambda_made, _lambda_inside),
    _Module(re.compile(REGISTRY + r"cloudposse/lambda-function/aws$"), _cloudposse_made, _cloudposse_inside),
)
