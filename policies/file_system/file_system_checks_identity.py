"""SLS_FS_3: a file system that a function mounts checks who mounts it."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, FileSystem, Function, Unknown
from serverful.estate.file_systems import EFS, S3_FILES, mount_of, mounting, service_of, unfollowed_mounts
from serverful.evidence.costs.file_systems import cost_of_files
from serverful.evidence.file_guard import who_may_mount
from serverful.evidence.storage import mounted_path
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict, not_ours, undecided


@policy(
    id="SLS_FS_3",
    title="A file system that a function mounts checks who mounts it",
    principle=Principle.WITHOUT_FILE_SYSTEM,
    severity=Severity.HIGH,
    recommendation=(
        "An aws_efs_file_system_policy that names the functions' roles and asks for their access point (elasticfilesystem:AccessPointArn) "
        "and TLS (aws:SecureTransport)."
    ),
    cost=cost_of_files,
)
def file_system_checks_identity(subject: FileSystem | Function, estate: Estate) -> Verdict:
    """NFS trusts whoever can connect. An EFS file system without a policy of its own gives full access to each client of a mount target.

    So the network is the permission: a security group that is a little too wide, a peering, one more instance in the subnet, and somebody
    reads and writes the files whom nobody has named. IAM can do better, since functions mount with their execution role. A policy of the
    file system that names the roles shuts out everybody who has none; access points and TLS narrow it down further.

    A file system of this root that a function mounts is asked once, however many functions mount it. Of one that stands elsewhere, the
    function is asked, and the answer lies where the file system is.
    """
    if isinstance(subject, FileSystem):
        if service_of(subject.type) != EFS:
            return not_ours("it is no EFS file system")
        if mounting(subject, estate):
            return who_may_mount(subject, estate)
        mounts = unfollowed_mounts(estate)
        says = "Whether a function mounts the file system is decided outside this root."
        return undecided(says, *mounts) if mounts else not_ours("no function of this root mounts it")
    if isinstance(subject.file_system, Unknown):
        return undecided("Whether the function mounts a file system is decided outside this root.", subject.file_system)
    mount = mount_of(subject, estate)
    if mount is None or mount.file_system is not None or mount.service == S3_FILES:
        return not_ours("the function mounts no EFS file system of another root")
    says = f"Whether the file system behind {mount.link.expression} asks who mounts it is decided where that file system is."
    return undecided(
        says, Unknown(f"the policy of the file system behind {mount.link.expression}", mount.link.place), path=mounted_path(mount)
    )


check = on_checkov(file_system_checks_identity)
