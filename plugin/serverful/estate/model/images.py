"""Container images that functions run, and where they are kept."""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.model.thing import Link, Thing
from serverful.estate.place import Place
from serverful.estate.value import Value


@dataclass(frozen=True, slots=True)
class Image:
    """`image_uri` of a function. `uri` is as written, with `*` for what is decided elsewhere.

    `tag` is Known(None) for an image that is named by its digest; `latest` where the URI names neither. `repository` leads to where the
    image is kept, if that is named by reference. `usual` is the variable of the root whose default the tag is, "" where it is written or
    given: a deployment may give another. `shared_with` are blocks of this root that run containers from the same repository.
    `is_left_alone` says whether Terraform ignores changes of the URI (`lifecycle`): then a deployment decides what runs.
    """

    uri: str
    tag: Value[str | None]
    repository: Link | None
    shared_with: tuple[Link, ...]
    is_left_alone: Value[bool]
    usual: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRepository(Thing):
    """`aws_ecr_repository`. `mutability` says whether a tag may be moved to another image: MUTABLE unless told."""

    mutability: Value[str]
