"""The things of an estate: plain frozen data, no Terraform syntax, no Checkov.

Every thing knows its address and place. Arguments are `Value`s (known or unknown, with a name), lists are `Listing`s, and what
refers to another thing is a `Link`. Policies and questions see these and nothing else.
"""

from __future__ import annotations

from serverful.estate.model.builds import Build
from serverful.estate.model.callers import Alias, Callee, Invocation, Qualified, Style
from serverful.estate.model.capacity import Means, Poller, Provisioned, Scaling
from serverful.estate.model.entries import ANY, WEBSOCKET, Api, Entry, Guard, PrivateLink
from serverful.estate.model.firewalls import WebAcl
from serverful.estate.model.function import Attached, Attachment, CapacityProvider, Environment, EnvironmentVariable, Function
from serverful.estate.model.groups import OutsideRule, Rule, SecurityGroup
from serverful.estate.model.identity import Condition, Document, Guardrail, ManagedPolicy, Principal, Role, Statement
from serverful.estate.model.images import Image, ImageRepository
from serverful.estate.model.landing import EventInvokeConfig, Queue
from serverful.estate.model.layers import LayerQuery, LayerVersion
from serverful.estate.model.network import (
    Address,
    AddressAssociation,
    Association,
    Endpoint,
    Gateway,
    LatticeAssociation,
    NatGateway,
    Route,
    RouteTable,
    Subnet,
    Target,
    Vpc,
)
from serverful.estate.model.permissions import LayerPermission, Permission
from serverful.estate.model.queries import Filter, GroupQuery, InterfaceLookup, SubnetQuery, VpcQuery
from serverful.estate.model.reliefs import Relief
from serverful.estate.model.resource_policies import PolicyHolder, ResourcePolicy, SearchDomain
from serverful.estate.model.runtimes import RuntimeUpdates
from serverful.estate.model.stores import (
    AccessPoint,
    Database,
    DataStore,
    FilePolicy,
    FileSystem,
    FileUse,
    FileUser,
    Login,
    Secret,
    Source,
    Store,
)
from serverful.estate.model.thing import Comment, Link, ModuleCall, Other, Output, Tags, Thing

__all__ = [
    "ANY",
    "WEBSOCKET",
    "AccessPoint",
    "Address",
    "AddressAssociation",
    "Alias",
    "Api",
    "Association",
    "Attached",
    "Attachment",
    "Build",
    "Callee",
    "CapacityProvider",
    "Comment",
    "Condition",
    "DataStore",
    "Database",
    "Document",
    "Endpoint",
    "Entry",
    "Environment",
    "EnvironmentVariable",
    "EventInvokeConfig",
    "FilePolicy",
    "FileSystem",
    "FileUse",
    "FileUser",
    "Filter",
    "Function",
    "Gateway",
    "GroupQuery",
    "Guard",
    "Guardrail",
    "Image",
    "ImageRepository",
    "InterfaceLookup",
    "Invocation",
    "LatticeAssociation",
    "LayerPermission",
    "LayerQuery",
    "LayerVersion",
    "Link",
    "Login",
    "ManagedPolicy",
    "Means",
    "ModuleCall",
    "NatGateway",
    "Other",
    "Output",
    "OutsideRule",
    "Permission",
    "PolicyHolder",
    "Poller",
    "Principal",
    "PrivateLink",
    "Provisioned",
    "Qualified",
    "Queue",
    "Relief",
    "ResourcePolicy",
    "Role",
    "Route",
    "RouteTable",
    "Rule",
    "RuntimeUpdates",
    "Scaling",
    "SearchDomain",
    "Secret",
    "SecurityGroup",
    "Source",
    "Statement",
    "Store",
    "Style",
    "Subnet",
    "SubnetQuery",
    "Tags",
    "Target",
    "Thing",
    "Vpc",
    "VpcQuery",
    "WebAcl",
]
