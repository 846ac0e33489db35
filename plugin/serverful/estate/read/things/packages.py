"""What a function's package is made of, and what builds it: paths, keys and commands, as far as they are written.

Arguments: Terraform AWS provider 6.55 documentation of `aws_lambda_function` and `aws_s3_object`; archive provider 2.7, `archive_file`;
terraform-aws-modules/lambda/aws 8.8.1 (`source_path`, `local_existing_package`), whose functions take them as arguments of their own here.
"""

from __future__ import annotations

from collections.abc import Iterator

from serverful.estate.model import Build, Thing
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import Entries, Every, Items, Literal, Ref, Term, Text, Undecided
from serverful.estate.read.things.heading import heading, other
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.text_parts import HOLE, flat, rendered
from serverful.estate.value import Known, Listing, Unknown

_PACKAGE = ("filename", "s3_key", "source_path", "local_existing_package")
# What holds a package, and the arguments that say what it was made of.
_MADE_OF = {"archive_file": ("source_file", "source_dir"), "aws_s3_object": ("source",), "aws_s3_bucket_object": ("source",)}
_DEEPEST = 5  # an object of an archive of a folder; whoever goes round in circles must not hang us


def sources(block: Block) -> Listing[Known[str]]:
    """The paths, keys and commands of a function's package; what is decided elsewhere is named."""
    found: list[Known[str] | Unknown] = []
    for name in _PACKAGE:
        if block.has(name):
            found += texts(block.term(name), block.at(name))
    return _listing(found)


def build(block: Block, _: Index) -> Thing:
    """`null_resource`, `terraform_data`: a build where a provisioner runs commands."""
    nested = block.blocks("provisioner")
    found: list[Known[str] | Unknown] = [convert.unknown(part, block.place) for part in nested.undecided]
    for provisioner in nested.blocks:
        found += texts(provisioner.term("command"), provisioner.at("command"))
    return Build(**heading(block), commands=_listing(found)) if found else other(block)


def external(block: Block, _: Index) -> Build:
    """`data.external`: it runs its program each time that Terraform plans."""
    words = _listing(list(texts(block.term("program"), block.at("program"))))
    line = [Known(" ".join(word.value for word in words), block.at("program"))] if words.items else []
    return Build(**heading(block), commands=Listing(tuple(line), words.unknown))


def texts(term: Term, place: Place, depth: int = 0) -> Iterator[Known[str] | Unknown]:
    """Every text in a term, with `*` for what is not known of it; a name for a text of which nothing is known."""
    if depth == _DEEPEST:
        return
    if isinstance(term, Ref) and term.block.type in _MADE_OF:
        for name in _MADE_OF[term.block.type]:
            if term.block.has(name):
                yield from texts(term.block.term(name), term.block.at(name), depth + 1)
    inner = convert.settled(term)
    match inner:
        case Items(items, rest):
            for part in (*items, *rest):
                yield from texts(part, place, depth + 1)
        case Entries(entries, rest):
            for part in (*entries.values(), *rest):
                yield from texts(part, place, depth + 1)
        case Every(item, _):
            yield from texts(item, place, depth + 1)
        case Literal(None):
            return
        case Literal() | Text():
            text = rendered(list(flat(inner))).replace(HOLE, "*")
            yield Known(text, place) if text.strip("*") else convert.unknown(inner, place)
        case Undecided() | Ref():
            yield convert.unknown(inner, place)


def _listing(found: list[Known[str] | Unknown]) -> Listing[Known[str]]:
    known = tuple(dict.fromkeys(part for part in found if isinstance(part, Known)))
    return Listing(known, tuple(dict.fromkeys(part for part in found if isinstance(part, Unknown))))
