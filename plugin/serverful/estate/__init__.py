"""What is there: one Terraform root as plain, frozen data, and questions over it."""

from serverful.estate.estate import Estate
from serverful.estate.model import (
    Address,
    AddressAssociation,
    Attached,
    CapacityProvider,
    DataStore,
    Endpoint,
    FileSystem,
    Function,
    NatGateway,
    Poller,
    Role,
    RouteTable,
    RuntimeUpdates,
    Subnet,
    Thing,
)
from serverful.estate.value import Known, Listing, Unknown, Value

__all__ = [
    "Address",
    "AddressAssociation",
    "Attached",
    "CapacityProvider",
    "DataStore",
    "Endpoint",
    "Estate",
    "FileSystem",
    "Function",
    "Known",
    "Listing",
    "NatGateway",
    "Poller",
    "Role",
    "RouteTable",
    "RuntimeUpdates",
    "Subnet",
    "Thing",
    "Unknown",
    "Value",
]
