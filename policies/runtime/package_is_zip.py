import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.imaged import why_image
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_RT_2",
    title="A function is a package, unless an image has a reason",
    principle=Principle.WITHOUT_CUSTOM_RUNTIME,
    severity=Severity.MEDIUM,
    recommendation=(
        "Write it as a package with a managed runtime, and libraries as layers. If it has to be an image, pin it by its digest, scan it on "
        "push and build it anew on a schedule."
    ),
    feature="image",
)
def package_is_zip(function: Function, estate: Estate) -> Verdict:
    """A container image is the whole of user space, and whoever builds it patches it: base image, language, libraries.

    AWS patches the base images that it publishes, and no function runs the patch before somebody has built and deployed its image anew. For
    a package AWS does that by itself. SnapStart, layers and code signing are for packages only.

    A tag that may be moved changes what runs without a change in Terraform, and counts more (MEDIUM). Where the tag latest is only the
    default of a variable of the root, pipelines give another one, and it is only said.

    Honest reasons are more than 250 MB, native libraries, a supply chain of images that scans and signs them, or an image that containers
    run as well.
    """
    return why_image(function, estate)


check = on_checkov(package_is_zip)
