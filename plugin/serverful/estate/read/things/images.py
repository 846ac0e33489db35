"""Container images of functions, and the repositories they are kept in.

Arguments: Terraform AWS provider 6.55 documentation of `aws_lambda_function` and `aws_ecr_repository` (`image_tag_mutability` is MUTABLE
unless told). Form of an image's URI: Amazon ECR User Guide, "Pulling an image" (`REPOSITORY:TAG`, `REPOSITORY@sha256:…`; without either it
is the tag `latest`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from serverful.estate.model import Image, ImageRepository, Link
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Encoded, Entries, Every, Items, Literal, Ref, Term, Text, Undecided, references
from serverful.estate.read.things.heading import heading, ignores
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.text_parts import HOLE, flat, key, rendered
from serverful.estate.value import Basis, Known, Unknown, Value

REPOSITORY = "aws_ecr_repository"
_KEPT = (REPOSITORY, "aws_ecr_image")  # the second as data only: an image in a repository that is asked for by name
# What else runs containers on AWS, and would run this image.
_COMPUTE = (
    "aws_apprunner_service",
    "aws_batch_job_definition",
    "aws_bedrockagentcore_agent_runtime",
    "aws_ecs_express_gateway_service",
    "aws_ecs_task_definition",
    "aws_lightsail_container_service_deployment_version",
    "aws_sagemaker_model",
    "helm_release",
    *(f"kubernetes_{kind}{version}" for kind in ("cron_job", "daemonset", "deployment", "job", "stateful_set") for version in ("", "_v1")),
)


def image(block: Block, index: Index) -> Image | None:
    """The image that a function runs; None where it names none."""
    term, place = block.term("image_uri"), block.at("image_uri")
    inner = convert.settled(term)
    if inner in (NULL, Literal("")):  # an empty text is what pipelines write over
        return None
    whole = rendered(list(flat(inner))) if isinstance(inner, (Literal, Text)) else HOLE
    kept = next((ref for ref in references(inner) if ref.block.type == REPOSITORY), None)
    link = convert.link_to(kept, place) if kept is not None else None
    names = {*_named(inner), _repository(whole), _open(inner)} - {""}
    users = _containers(index)
    shared = {user.address: user for name in names for user in users.get(name, ())}
    shown = whole.replace(HOLE, "*") if re.search(r"\w", whole) else convert.unknown(inner, place).expression
    tag = _tag(whole, inner, place)
    return Image(
        uri=shown,
        tag=tag,
        repository=link if isinstance(link, Link) else None,
        shared_with=tuple(Link(user.address, user.address, user.place) for user in shared.values()),
        is_left_alone=ignores(block, "image_uri"),
        usual=_usual(tag, whole, block),
        place=place,
    )


def repository(block: Block, _: Index) -> ImageRepository:
    """`aws_ecr_repository`."""
    return ImageRepository(**heading(block), mutability=convert.text(block, "image_tag_mutability", "MUTABLE"))


def _tag(whole: str, term: Term, place: Place) -> Value[str | None]:
    if "@" in whole:
        return Known(None, place)
    if not whole.strip(HOLE) and not _ends_with_repository(term):  # the URI as a whole is decided elsewhere
        return convert.unknown(term, place)
    _, colon, tag = whole.rpartition("/")[2].partition(":")
    if HOLE in tag or (not colon and whole.endswith(HOLE) and not _ends_with_repository(term)):
        return Unknown(tag.replace(HOLE, "*") or convert.unknown(term, place).expression, place)
    return Known(tag, place) if tag else Known("latest", place, Basis.DEFAULTED)


def _usual(tag: Value[str | None], whole: str, block: Block) -> str:
    """The variable of the root whose default the tag is; "" where it is written in the URI, or given."""
    if not isinstance(tag, Known) or not tag.value:
        return ""
    for name, default in block.defaults("image_uri").items():
        inner = convert.settled(default)
        text = inner.value if isinstance(inner, Literal) else None
        if isinstance(text, str) and (text == whole or text.rpartition(":")[2] == tag.value):
            return name
    return ""


def _ends_with_repository(term: Term) -> bool:
    last = list(flat(term))[-1:]
    return bool(last) and isinstance(last[0], Ref) and last[0].block.type == REPOSITORY


def _repository(whole: str) -> str:
    """The repository in a URI that is known but for its tag or digest; "" where it is not."""
    head, slash, name = whole.partition("@")[0].rpartition("/")
    found = f"{head}{slash}{name.partition(':')[0]}"
    return found if slash and HOLE not in found else ""


def _named(term: Term) -> Iterator[str]:
    """The repositories, and the images in them, that a term refers to."""
    return (ref.block.address for ref in references(term) if ref.block.type in _KEPT)


def _containers(index: Index) -> dict[str, list[Block]]:
    """What runs containers, by the repositories it takes them from: addresses, and URIs without tag."""

    def answer() -> dict[str, list[Block]]:
        found: dict[str, list[Block]] = {}
        for block in index.of_type(*_COMPUTE):
            terms = [block.term(name) for name in block.names()]
            names = {name for term in terms for name in _named(term)}
            names.update(name for term in terms for name in _texts(term))
            for name in names - {""}:
                found.setdefault(name, []).append(block)
        return found

    return index.remembered("images: containers", answer)


def _open(term: Term) -> str:
    """What a URI that is decided elsewhere is made of: two that are made of the same are one image."""
    return key(tuple(flat(term))) if isinstance(term, (Text, Undecided)) else ""


def _texts(term: Term) -> Iterator[str]:
    """What each text in a term would be as an image's URI: its repository, and what it is made of where that is decided elsewhere."""
    inner = convert.settled(term)
    match inner:
        case Literal(str() as text):
            yield from (_repository(word) for word in text.replace('"', " ").split() if "/" in word) if "/" in text else ()
        case Text():
            yield from (_repository(rendered(list(flat(inner)))), _open(inner))
        case Encoded(part) | Every(part, _):
            yield from _texts(part)
        case Items(items, _):
            for part in items:
                yield from _texts(part)
        case Entries(entries, _):
            for part in entries.values():
                yield from _texts(part)
        case Undecided(mentions=parts):
            yield _open(inner)
            for part in parts:
                yield from _texts(part)
