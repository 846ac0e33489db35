"""Who runs which layer of each function, and why: the shared responsibility picture, worked out of estates and findings.

Nothing is judged here. That a layer is taken is what the estate says; why, is what findings have answered. Decisions:

- A layer is **AWS's** where it is certain that the function takes nothing there. It is **undecided** where something decided elsewhere may
  take it, where what would explain it lies elsewhere, or where nobody was asked. Taken, it is explained by **evidence**, **justified** by a
  recorded reason in date, or **unexplained**; a layer that several features take stands as the worst of them. The order is unexplained,
  undecided, justified, evidence.
- Why a layer is taken is told by the policies that carry that question: SLS_VPC_1 and SLS_VPC_2 for a VPC, SLS_PC_1 for provisioned
  concurrency, SLS_PC_5 for capacity providers and pollers, SLS_RT_1 to SLS_RT_3, SLS_EXT_1, SLS_FS_1, SLS_IP_1 and SLS_IP_2. Where one of
  them has failed, the layer is unexplained, whether nothing explains it or the graph contradicts what it is for (SLS_VPC_2, SLS_PC_1).
- SLS_VPC_4 and SLS_PC_3 ask whether there is a better way than a feature that somebody needs. The same recorded reason answers them, so
  where they have failed the layer is unexplained, and justified where only a reason has answered them. At INFO they are questions (an
  engine that merely offers the Data API): the database goes on explaining the VPC, and the question stands beside the cell.
- How a layer is run is another matter: a public subnet, an open group, one zone, a fixed number of executions, a file system that carries
  messages. These findings stand beside the cell (`beside`) and do not change it: an explained attachment that is badly made is explained.
- A comment `checkov:skip` has no owner and no end. It is neither evidence nor a reason: the layer stands as if it were not there, and the
  cell says so.
- A layer whose policies were left out (`--check`) is undecided where it is taken, and says which were not asked: silence is no evidence.
  That it is AWS's needs no policy.
- What several functions share is asked once, for all of them: a capacity provider, an address. Its finding counts for a function as far as
  it speaks of that one: the function behind an address that names its partner has evidence, its neighbour without is unexplained, one
  whose host lies in a variable is undecided, and a function's own reason for its provider justifies this function alone. A failure that
  speaks of others stands beside the cell.
- *Networking* and *compute* are both taken by a capacity provider, and SLS_PC_5 answers for both. A provider of another root may have its
  reason there: undecided, unless the function has one itself.
- *Fixed IP* is taken where a way out certainly passes a public NAT gateway, also a regional one to which AWS allocates the addresses (it
  is the customer's, and SLS_IP_1 asks what for), or an Elastic IP on a NAT instance or on an interface of Lambda's. It is AWS's outside of
  VPCs, and where no such thing is on any way; a function in a VPC may then have no way to the internet at all.
- *Runtime*: a compiled program on an OS that AWS patches takes nothing back. A managed runtime that is held at one version does (SLS_RT_3),
  though it counts for no share. A runtime that somebody else names is undecided. What an image brings is part of the image, extensions too.
- *Identity* is the customer's in every case, and never AWS's. Evidence means that the role stands here and nothing is found at it, at the
  permissions to call the function, its entries and its logins: SLS_ID_1 to SLS_ID_6, SLS_RAD_2 where that asks about the wide role in their
  place, SLS_IP_3 and SLS_VPC_9 before its own entries. It is unexplained where one of them has failed above INFO, and undecided where the
  role stands elsewhere. SLS_VPC_5 speaks of what others let in, and of no function.
- In a root with unreadable files, and in a reusable child, findings say what is open there; nothing is added to that here.
- A module that was not read makes no function that anybody knows of, so it has no row. One that an outline describes has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache

from serverful.collecting import seldom_collecting
from serverful.estate.estate import Estate
from serverful.evidence.radius import Taken, radius
from serverful.evidence.stated import acquainted
from serverful.finding import Finding
from serverful.natural import natural
from serverful.stack.answers import Answers
from serverful.stack.cell import Cell, Layer, Stack, Standing
from serverful.stack.features import cells_of_features
from serverful.stack.fixed_ip import cell_of_fixed_ip
from serverful.stack.identity import cell_of_identity

__all__ = ["Cell", "Layer", "Stack", "Standing", "stacks"]


@seldom_collecting()
def stacks(estates: Iterable[Estate], findings: Iterable[Finding], asked: Collection[str]) -> tuple[Stack, ...]:
    """A row for each function, ordered by root and address. `findings` are those of these estates, `asked` the ids of all policies asked.

    The estates are those that were judged: what that has worked out is not worked out again.
    """
    answers = Answers(findings, asked)
    rows = [_row(taken, answers, estate) for estate in acquainted(list(estates)) for taken in radius(estate)]
    key = cache(natural)  # few roots
    return tuple(sorted(rows, key=lambda row: (key(row.root), natural(row.address))))


def _row(taken: Taken, answers: Answers, estate: Estate) -> Stack:
    function = taken.function
    networking, *others = cells_of_features(function, taken, answers, estate)
    cells = (networking, cell_of_fixed_ip(function, answers, estate), *others, cell_of_identity(function, answers, estate))
    return Stack(function.place.root, function.address, function.place, cells)
