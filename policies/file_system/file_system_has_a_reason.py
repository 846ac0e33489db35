"""SLS_FS_1: a mounted file system has a reason."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.costs.file_systems import cost_of_files
from serverful.evidence.storage import why_mounted
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_FS_1",
    title="A file system that a function mounts has a reason",
    principle=Principle.WITHOUT_FILE_SYSTEM,
    severity=Severity.MEDIUM,
    recommendation=(
        "Ask three times whether it can be event-driven: object storage, then a queue, then a stream, and only then a file system. "
        "Scratch space is ephemeral_storage."
    ),
    feature="file-system",
    cost=cost_of_files,
)
def file_system_has_a_reason(function: Function, estate: Estate) -> Verdict:
    """A mounted file system takes storage back from AWS, and drags in a VPC: mount targets in every zone, groups, routes, and their bill.

    It is familiar, and that is rarely enough of a reason. Files that one system leaves for another are events without a notification: an
    object in S3 says by itself that it has arrived. What a function needs only while it runs fits into /tmp, what never changes into its
    image or a layer, and state into a table.

    The honest reasons are proprietary software that knows nothing but files, and partners who exchange them. They are matters of the
    program and of people, so Terraform seldom shows them: a line says which it is, who looks after it and until when. One reason can be
    seen, a /tmp that is already as large as it can be. S3 Files is asked about like EFS, since it needs the same VPC.
    """
    return why_mounted(function, estate)


check = on_checkov(file_system_has_a_reason)
