"""Why is this function a container image? The verdict of SLS_RT_2, which SLS_RAD_3 asks as well.

Decisions:
- That the image is built in this root says how it comes about, not why, and is no excuse.
- What runs the same repository as a container elsewhere shares one image, one build and one scan with it: that is a reason.
- Names of what is large or native are hints: they leave it open, and explain nothing.
- A tag that may be moved to another image makes it more serious: what runs changes without a trace in Terraform. A digest never moves.
- The tag `latest` that is only the default of a variable of the root is what runs as the root stands, but pipelines give another: it is
  said, and makes it no more serious. (20 of 22 functions that run `latest` in the public code read on 2026-11-26 have it so.)

AWS Lambda Developer Guide, "Create a Lambda function using a container image" (2026): the customer builds the image anew for patches of its
base; SnapStart and layers are for packages only (code signing too: "Using code signing to verify code integrity").
"""

from __future__ import annotations

from collections.abc import Iterator

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_subject
from serverful.estate.model import Function, Image, ImageRepository
from serverful.estate.value import Basis, Known, Unknown
from serverful.evidence.evidence import Evidence
from serverful.evidence.image_words import hints_at_size
from serverful.policy import Severity
from serverful.verdict import Verdict, failed, not_ours, passed, undecided


@once_per_subject  # SLS_RT_2 and SLS_RAD_3 both ask
def why_image(function: Function, estate: Estate) -> Verdict:
    """Not ours for a package; passed where other compute runs the same image; undecided on hints, or where the kind is decided outside."""
    package, image = function.package_type, function.image
    if isinstance(package, Unknown):
        return undecided(f"Whether the function is a container image is decided outside this root: {package.expression}.", package)
    if package.value != "Image":
        return not_ours("the function is a package")
    stands = Evidence('package_type = "Image"', package.place)
    if image is not None and image.shared_with:
        users = [Evidence(f"{user.expression} runs the same image", user.place) for user in image.shared_with]
        return passed(f"The function shares its image with other compute: {users[0].says}.", stands, *users)
    written = [Evidence(f"image_uri = {image.uri}", image.place)] if image is not None else []
    hints = tuple(hints_at_size(function))
    if hints:
        says = f"The function is a container image, and names suggest what for, but nothing shows it: {hints[0].says}."
        return undecided(says, path=(stands, *written, *hints), missed=_MISSED, answerable=True)
    movable = tuple(_movable(image, estate)) if image is not None else ()
    usual = tuple(_usual(image)) if image is not None and not movable else ()
    moves = f" What it runs may change without a change in Terraform: {movable[0].says}." if movable else ""
    moves = (
        f" What it runs may change without a change in Terraform, unless every deployment says which image: {usual[0].says}."
        if usual
        else moves
    )
    return failed(
        f"The function is a container image, so its base image is yours to patch, and nothing here says why it is no package.{moves}",
        stands,
        *written,
        *movable,
        *usual,
        missed=_MISSED,
        severity=Severity.MEDIUM if movable else Severity.LOW,
        instead=_instead(image),
        argument="package_type",
    )


_MISSED = (
    "a container elsewhere in this root that runs the same image (an ECS task, a batch job, App Runner, Kubernetes)",
    "a name that speaks of something larger than 250 MB or native",
)


def _movable(image: Image, estate: Estate) -> Iterator[Evidence]:
    """What lets somebody put another image behind the same URI."""
    tag = image.tag
    if not _is_terraforms(image):
        return  # a deployment decides what runs, and how it is named there is not seen
    repository = estate.find(image.repository, ImageRepository)
    mutability = repository.mutability if repository is not None else None
    if isinstance(tag, Known) and tag.value == "latest" and not image.usual:
        says = "the image is the tag latest" if tag.basis is Basis.STATED else "the image has no tag, which means latest"
        yield Evidence(says, image.place, tag.basis)
    is_by_tag = isinstance(tag, Unknown) or tag.value is not None
    if is_by_tag and isinstance(mutability, Known) and mutability.value == "MUTABLE" and repository is not None:
        how = "" if mutability.basis is Basis.STATED else " unless told otherwise"
        yield Evidence(
            f"{repository.address} lets tags be moved{how} (image_tag_mutability is MUTABLE)", mutability.place, mutability.basis
        )


def _usual(image: Image) -> Iterator[Evidence]:
    """That the image is `latest` where nobody says otherwise."""
    if image.usual and _is_terraforms(image) and isinstance(image.tag, Known) and image.tag.value == "latest":
        means = "is the tag latest" if image.tag.basis is Basis.STATED else "has no tag, which means latest"
        yield Evidence(f"the default of var.{image.usual} {means}", image.place, image.tag.basis)


def _is_terraforms(image: Image) -> bool:
    return isinstance(image.is_left_alone, Known) and not image.is_left_alone.value


def _instead(image: Image | None) -> str:
    kept = (
        f" {image.repository.target}"
        if image is not None and image.repository is not None and image.repository.origin == "resource"
        else ""
    )
    given = (
        f" Take the default from var.{image.usual}, so that every deployment names its image."
        if image is not None and any(_usual(image))
        else ""
    )
    return (
        "Write it as a package (filename, or s3_bucket and s3_key) with a managed runtime; layers hold libraries, up to 250 MB. If it "
        f'has to be an image, let aws_ecr_repository{kept} have image_tag_mutability = "IMMUTABLE" and scan_on_push = true, name the '
        'image by its digest (image_uri = "…@sha256:…"), and build it anew on a schedule, so that patches of its base arrive.'
        f"{given}"
    )
