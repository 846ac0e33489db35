"""What every thing has, and what refers to one."""

from __future__ import annotations

from dataclasses import dataclass, field

from serverful.estate.place import Place
from serverful.estate.value import Listing, Unknown, Value


@dataclass(frozen=True, slots=True)
class Link:
    """Something that names another thing.

    `target` is the address of a block in this root (`module.net.aws_subnet.a[0]`), or None for something outside it: a variable without
    a value, a data source, a literal id. `attribute` is what is taken of the target (`id`, `arn`, `endpoint`), `expression` how it is
    written, `origin` one of "resource", "data", "module" (a call that is not loaded), "literal".
    A data source has its own address as target and origin "data".
    """

    target: str | None
    expression: str
    place: Place
    attribute: str = ""
    origin: str = "resource"

    @property
    def is_item(self) -> bool:
        """Whether one of a list is taken (`private_subnets.0`), not all of it."""
        return self.attribute.rpartition(".")[2].isdigit()


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as written, without its marker (`#`, `//`, `/* */`)."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of one block. `unknown` names what may add more: `var.tags`. Provider `default_tags` are not among them."""

    known: dict[str, Value[str]] = field(default_factory=dict)
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What every block of interest has.

    `exists` is Known(True), or Unknown where `count`/`for_each` is decided outside (what is known not to exist is not in the estate).
    `comments` are those inside the block, directly above it, and of the module calls it is made through; `calls` are these calls'
    places, innermost first.
    """

    address: str
    type: str
    place: Place
    exists: Value[bool]
    tags: Tags = field(default_factory=Tags)
    comments: tuple[Comment, ...] = ()
    calls: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Other(Thing):
    """A block of this root that is none of the above, kept so that links to it have a type and a place.

    `security_groups` are those that it wears and `subnets` those that it stands in, by arguments of the usual names.
    """

    security_groups: Listing[Link] = field(default_factory=Listing)
    subnets: Listing[Link] = field(default_factory=Listing)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleCall(Thing):
    """A `module` block whose source is not here: what it makes is unknown. `inputs` are the argument names.

    `links` are the things that its arguments refer to: a module that is given a security group may add rules to it. `is_understood` says
    that what it makes is known all the same, by an outline of the module: things of their own.
    """

    source: str
    inputs: tuple[str, ...]
    links: tuple[Link, ...] = ()
    is_understood: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """An output of the root module: what it tells people and other roots. Outputs of modules are none: they are means of passing on.

    `links` are the blocks of this root that its value refers to, wherever in it.
    """

    name: str
    description: str
    links: tuple[Link, ...]
    place: Place
