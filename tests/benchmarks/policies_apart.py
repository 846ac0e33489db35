"""What each policy takes on one root, asked alone: seconds of the processor by policy id.

What policies share (who calls whom, which way out a subnet has) is worked out again for each of them: the figure is what a run with that
policy alone would take after reading, and the sum of all is more than a run with all.
"""

from __future__ import annotations

import gc
import time
from datetime import date
from pathlib import Path

from serverful import catalogue
from serverful.estate.read.reader import read
from serverful.judge import judge

TODAY = date(2026, 11, 23)


def apart(folder: Path, repeats: int = 3) -> dict[str, float]:
    """The least seconds of so many repeats, by policy id. Raises RuntimeError where something could not be judged."""
    estates = [root.estate for root in read([folder], today=TODAY).roots if root.estate is not None]
    gc.collect()
    gc.freeze()  # a collection that falls into one policy would go through all that was read
    seconds: dict[str, float] = {}
    for _ in range(repeats):
        for policy in catalogue.load():
            for estate in estates:
                estate._cache.clear()
            gc.collect()  # what the policy before has left is not this one's
            began = time.process_time()
            _, troubles = judge(estates, [policy])
            spent = time.process_time() - began
            if troubles:
                raise RuntimeError(str(troubles[0]))
            seconds[policy.id] = min(spent, seconds.get(policy.id, spent))
    return seconds
