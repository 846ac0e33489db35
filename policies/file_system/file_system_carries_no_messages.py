"""SLS_FS_2: a file system that functions mount carries no messages between systems."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, FileSystem, Function, Unknown
from serverful.evidence.costs.file_systems import cost_of_files
from serverful.evidence.shared_files import carries_messages
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict, not_ours


@policy(
    id="SLS_FS_2",
    title="A file system that functions mount carries no messages",
    principle=Principle.WITHOUT_FILE_SYSTEM,
    severity=Severity.HIGH,  # written by one, read by another; MEDIUM where it is open who writes; LOW for a schedule
    recommendation=(
        "An object in S3 whose notification or EventBridge event starts the next function, and DynamoDB for what both have to remember."
    ),
    cost=cost_of_files,
)
def file_system_carries_no_messages(subject: FileSystem | Function, estate: Estate) -> Verdict:
    """A file that one system leaves for another is a message without an envelope: nobody is told, nobody acknowledges, nobody retries.

    So the reader looks again and again, on a schedule, and asks whether the file is complete by now. Both depend on one directory, its
    permissions and its names, and neither can be moved, scaled or replaced alone. An object in S3 says by itself that it is there and
    whole; a queue or a stream keeps it until somebody has done the work.

    A file system that all mount to read only carries none, nor does one where each has a directory of its own. A cache of models or
    libraries is filled by one and read by many, which looks the same from here: where names speak of one, we leave it open.

    The file system is asked where it stands in this root, and else the first of the functions that certainly share it.
    """
    if isinstance(subject, Function) and isinstance(subject.file_system, Unknown):
        return not_ours("whether the function mounts a file system is decided outside this root")
    return carries_messages(subject, estate)


check = on_checkov(file_system_carries_no_messages)
