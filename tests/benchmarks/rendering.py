"""What rendering one format needs: a record and a format in, seconds of the processor and megabytes out, as JSON. A process for each."""

from __future__ import annotations

import json
import platform
import resource
import sys
import time
from pathlib import Path

from serverful.outputs import write
from serverful.record.read import read_record
from serverful.report.formats import FORMATS, Look, render


def rendered(record: Path, name: str, file: Path) -> dict[str, float]:
    """Seconds for reading it (`read`) and for rendering (`cpu`); `megabytes` is the peak of the whole process, with the record in it."""
    began = time.process_time()
    whole = read_record(record)
    at_hand = time.process_time()
    write(file, render(name, whole, Look()))
    done = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if platform.system() == "Darwin" else 1024)
    return {"read": at_hand - began, "cpu": done - at_hand, "megabytes": peak / 2**20, "bytes": file.stat().st_size}


if __name__ == "__main__":
    record, name, file = sys.argv[1:]
    assert name in FORMATS, f"there is no format {name}"
    print(json.dumps(rendered(Path(record), name, Path(file))))
