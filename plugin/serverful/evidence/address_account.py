"""What a fixed address can be accounted for: by the hosts that its users call, by recorded reasons, or not at all.

Decisions:
- What explains the way out of a function explains its address: a host on the internet that it names, or a reason recorded at it. While
  one of the functions behind an address is without, the address is asked about, and the finding names those that are.
- A reason may stand at the address or at the gateway that holds it, and then speaks for all functions behind it.
- A reason there that has ended or cannot be read is told of by this very finding: SLS_RAD_3 asks functions, not addresses.
- Where nobody is seen behind an address, it is ours only where its name, a tag, an output of the root or a recorded reason says so.
- An address on an interface that Lambda made is no way out that anybody may rely on, whatever its function calls.
"""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.addresses import PinnedWay, in_hands_of
from serverful.estate.estate import Estate
from serverful.estate.model import Attached, Thing
from serverful.estate.value import Unknown
from serverful.evidence.destinations import Destination, destinations
from serverful.evidence.published import Publication, publications
from serverful.evidence.reasons import FaultyReason, RecordedReason, faults_about_address, for_fixed_address, reasons_of


@dataclass(frozen=True, slots=True)
class AddressAccount:
    """The account of one way out with a fixed address.

    `served` are the hosts that explain it for some of its users, `recorded` the reasons at others, `unexplained` the users without either.
    `published` is what names, tags and outputs say of it. `faulty` are reasons at its blocks that answer nothing. `in_hands` stand where a
    module that is not loaded, and is given the address, may lead them out.
    """

    way: PinnedWay
    served: tuple[tuple[Attached, Destination], ...] = ()
    recorded: tuple[tuple[Attached, RecordedReason], ...] = ()
    unexplained: tuple[Attached, ...] = ()
    published: tuple[Publication, ...] = ()
    faulty: tuple[tuple[Thing, FaultyReason], ...] = ()
    in_hands: tuple[Attached, ...] = ()

    @property
    def is_for_functions(self) -> bool:
        """Whether anything shows or says that it is the address of functions."""
        return bool(self.way.users or self.way.perhaps or self.way.lookup or self.in_hands or self.said)

    @property
    def said(self) -> tuple[Publication, ...]:
        """What says that it is for functions. That it is to stay is said by the same words, or by the gateway that holds it."""
        return tuple(one for one in self.published if one.is_for_functions and (one.is_for_others or self.way.gateways))

    @property
    def unknown(self) -> tuple[Unknown, ...]:
        """What keeps us from telling whether functions leave from a fixed address here."""
        if self.way.doubts:
            return self.way.doubts
        return () if self.way.users or self.way.lookup else self.way.perhaps or self.way.handed

    @property
    def is_explained(self) -> bool:
        """Whether all that leave from it say why."""
        return bool(self.way.users) and not self.unexplained

    @property
    def reason(self) -> RecordedReason | None:
        """Of the reasons recorded at functions the one that ends first: so long the account holds."""
        return min((reason for _, reason in self.recorded), key=lambda reason: reason.until, default=None)

    @property
    def recorded_at(self) -> tuple[Thing, ...]:
        """Where a reason counts as well as at the carrier."""
        return tuple(thing for thing in self.way.things if thing is not self.way.carrier)


def address_account(way: PinnedWay, estate: Estate) -> AddressAccount:
    """The account of a way out with a fixed address."""
    served: list[tuple[Attached, Destination]] = []
    recorded: list[tuple[Attached, RecordedReason]] = []
    unexplained: list[Attached] = []
    for user in way.users:
        hosts = () if way.lookup else destinations(user, estate)
        reason = None if hosts else for_fixed_address(reasons_of(user, estate))
        if hosts:
            served.append((user, hosts[0]))
        elif reason is not None:
            recorded.append((user, reason))
        else:
            unexplained.append(user)
    at_blocks = [(thing, reasons_of(thing, estate)) for thing in way.things]
    is_renewed = any(for_fixed_address(reasons) is not None for _, reasons in at_blocks)
    return AddressAccount(
        way=way,
        served=tuple(served),
        recorded=tuple(recorded),
        unexplained=tuple(unexplained),
        published=tuple(one for thing in way.things for one in publications(thing, estate)),
        faulty=() if is_renewed else tuple((thing, fault) for thing, reasons in at_blocks for fault in faults_about_address(reasons)),
        in_hands=in_hands_of(way, estate),
    )
