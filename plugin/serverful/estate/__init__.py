"""What is there: one Terraform root as plain, frozen data, and questions over it."""

from serverful.estate.estate import Estate
from serverful.estate.model import (
    Address,
    AddressAssociation,
    Api,
    Attached,
    CapacityProvider,
    FileSystem,
    Function,
    LayerPermission,
    NatGateway,
    Permission,
    Poller,
    Role,
    RuntimeUpdates,
    Subnet,
    Thing,
)
from serverful.estate.value import Known, Listing, Unknown, Value

__all__ = [
    "Address",
    "AddressAssociation",
    "Api",
    "Attached",
    "CapacityProvider",
    "Estate",
    "FileSystem",
    "Function",
    "Known",
    "LayerPermission",
    "Listing",
    "NatGateway",
    "Permission",
    "Poller",
    "Role",
    "RuntimeUpdates",
    "Subnet",
    "Thing",
    "Unknown",
    "Value",
]
