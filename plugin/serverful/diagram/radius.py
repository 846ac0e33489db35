"""Draws a root: which of its functions take which layers of the stack back, what these share, and their ways out."""

from __future__ import annotations

from serverful.collecting import not_collecting
from serverful.diagram.drawing import Diagram, NodeKind, root_name
from serverful.diagram.sharing import draw_own, draw_shared
from serverful.diagram.sketch import Sketch, whether
from serverful.diagram.way_out import INTERNET, draw_own_network, draw_way_out
from serverful.estate.estate import Estate
from serverful.estate.model import Attached, CapacityProvider, Function
from serverful.estate.value import Known, Unknown
from serverful.evidence.destinations import destinations
from serverful.evidence.egress import apis_through_nat, egress_of
from serverful.evidence.radius import LAYERS, Taken, radius
from serverful.evidence.shared_things import SharedKind, shared_by
from serverful.wording import counted, joined, shortened

_NAMED = 4  # hosts or services in one note


@not_collecting()
def radius_diagram(estate: Estate) -> Diagram | None:
    """The whole root; None where it has neither functions nor capacity providers."""
    sketch = Sketch()
    taken = radius(estate)
    boxes = {one.function.address: _function(sketch, one) for one in taken}
    subjects = {one.function.address: _draw_ways(sketch, boxes[one.function.address], one.function, estate) for one in taken}
    for provider in estate.all(CapacityProvider):  # also one that only functions of other roots run on
        draw_way_out(sketch, _provider(sketch, provider), provider, estate)
    if not boxes and not estate.all(CapacityProvider):
        return None
    draw_shared(sketch, boxes, subjects, estate)
    for call in estate.unread_modules:
        sketch.node(NodeKind.UNDECIDED, "module call", call.address, note="not here to be read: may make functions", is_unknown=True)
    return sketch.diagram(f"Radius of {root_name(estate.root)}", estate.root, _says(taken))


@not_collecting()
def function_diagram(function: Function, estate: Estate) -> Diagram:
    """One function: its way out, what it has beside that, and how many others share each."""
    sketch = Sketch()
    taken = next(one for one in radius(estate) if one.function is function)
    key = _function(sketch, taken)
    subjects = _draw_ways(sketch, key, function, estate)
    draw_own(sketch, key, function, subjects, estate)
    for shared in shared_by(function, estate):
        others = counted(len(shared.functions) - 1, "other serverful function")
        if shared.kind is SharedKind.NAT:
            for nat in _named(sketch, NodeKind.NAT_GATEWAY, shared.what):
                sketch.note(nat, f"shared with {others}")
        elif shared.kind is SharedKind.SUBNETS:
            for subnet in _named(sketch, NodeKind.SUBNET, shared.what):
                sketch.note(subnet, f"shared with {others}")
    internet = sketch.keys_of(NodeKind.OUTSIDE, INTERNET)
    for note in _wanted(function, subjects, estate) if internet else ():
        sketch.note(internet[0], note)
    return sketch.diagram(f"Way out of {function.address} in {root_name(estate.root)}", estate.root, _says_of(taken))


def perhaps_layers(taken: Taken) -> str:
    """The layers that it may take back, of those that it does not take for certain: `networking and compute`."""
    layers = dict.fromkeys(layer.value for feature in taken.perhaps for layer in LAYERS[feature.key] if layer not in taken.layers)
    return joined(list(layers)) or "the same"


def _function(sketch: Sketch, taken: Taken) -> str:
    """The box of a function, with the layers that it takes back."""
    function = taken.function
    is_unknown = isinstance(function.exists, Unknown) or taken.may_be_serverful
    there = f"perhaps there, as {function.exists.expression} decides" if isinstance(function.exists, Unknown) else ""
    kind = NodeKind.FUNCTION if taken.layers or taken.perhaps else NodeKind.SERVERLESS
    key = sketch.node(kind, "function", function.address, note=there, is_unknown=is_unknown)
    if taken.layers:
        sketch.note(key, f"taken back: {joined([layer.value for layer in taken.layers])}")
    elif not taken.perhaps:
        sketch.note(key, "no layer taken back")
    if taken.perhaps:
        named = dict.fromkeys(feature.unknown.expression for feature in taken.perhaps if feature.unknown is not None)
        decides = f", as {shortened(list(named), 2)} decide{'s' if len(named) == 1 else ''}" if named else ""
        sketch.note(key, f"perhaps {'more' if taken.layers else 'taken back'}: {perhaps_layers(taken)}{decides}")
    return key


def _draw_ways(sketch: Sketch, key: str, function: Function, estate: Estate) -> tuple[Attached, ...]:
    """Draws the way out of a function, be it its own, that of the instances it runs on, or Lambda's. Gives back what is attached for it."""
    draw_way_out(sketch, key, function, estate)
    named = function.capacity_provider
    if isinstance(named, Unknown):
        box = sketch.node(
            NodeKind.PROVIDER, "capacity provider", named.expression, note="decides whether it runs on instances", is_unknown=True
        )
        sketch.edge(key, box, is_unknown=True)
    elif named.value is not None:
        provider = estate.find(named.value, CapacityProvider)
        if provider is not None:
            box = _provider(sketch, provider)
            sketch.edge(key, box)
            draw_way_out(sketch, box, provider, estate)
            return (function, provider)
        note = "its network is decided outside this root"
        box = sketch.node(NodeKind.PROVIDER, "capacity provider", named.value.expression, note=note, is_unknown=True)
        sketch.edge(key, box)
    elif isinstance(function.attachment, Known) and function.attachment.value is None:
        draw_own_network(sketch, key)
    return (function,)


def _provider(sketch: Sketch, provider: CapacityProvider) -> str:
    there = whether(provider.exists)
    return sketch.node(NodeKind.PROVIDER, "capacity provider", provider.address, note=there, is_unknown=bool(there))


def _named(sketch: Sketch, kind: NodeKind, names: tuple[str, ...]) -> list[str]:
    return [key for name in names for key in sketch.keys_of(kind, name)]


def _wanted(function: Function, subjects: tuple[Attached, ...], estate: Estate) -> list[str]:
    """What the function is seen to want from the internet: hosts that its environment names, AWS APIs for which no endpoint stands."""
    hosts = [one.host for one in destinations(function, estate)]
    notes = [f"its environment names {shortened(hosts, _NAMED)}"] if hosts else []
    for subject in subjects:
        egress = egress_of(subject, estate)
        apis = [api.name for api in apis_through_nat(subject, egress, estate)] if egress is not None else []
        if apis:
            notes.append(f"AWS APIs on this way: {shortened(apis, _NAMED)}")
    return notes


def _says(taken: tuple[Taken, ...]) -> tuple[str, ...]:
    serverful = [one for one in taken if one.layers]
    perhaps = [one for one in taken if one.may_be_serverful]
    layers = dict.fromkeys(layer.value for one in serverful for layer in one.layers)
    of = f"{len(serverful)} of {counted(len(taken), 'function')} take{'s' if len(serverful) == 1 else ''}"
    says = [f"{of} layers of the stack back from AWS{f': {joined(list(layers))}' if layers else ''}."]
    if perhaps:
        says.append(f"Of {len(perhaps)} more it is decided outside this root.")
    return tuple(says)


def _says_of(taken: Taken) -> tuple[str, ...]:
    features = dict.fromkeys(feature.says for feature in taken.layers.values())
    if features:
        layers = joined([layer.value for layer in taken.layers])
        return (f"It takes {layers} back from AWS: it {', and it '.join(features)}.",)
    if taken.perhaps:
        return tuple(f"It {feature.says}." for feature in taken.perhaps)
    return ("It takes no layer of the stack back: AWS runs its network, its compute and its runtime.",)
