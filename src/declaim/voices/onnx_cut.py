"""Cuts an ONNX model in two at one tensor, in memory, so that each half can be run by itself.

An ONNX file is one protobuf message (onnx.proto: ``ModelProto.graph`` is field 7; of ``GraphProto``: nodes 1, initializers 5,
inputs 11, outputs 12, hints of types 13; of ``NodeProto``: inputs 1, outputs 2; ``TensorProto.name`` is 8). Only its outer
layers are read; nodes and weights are taken over byte for byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from declaim.voices.onnx_wire import Field, Part, Parts, fields, length_tag, message

_GRAPH = 7
_NODE, _INITIALIZER, _INPUT, _OUTPUT, _TYPE_HINT = 1, 5, 11, 12, 13
_NODE_INPUT, _NODE_OUTPUT = 1, 2
_TENSOR_NAME = 8
_VALUE_NAME = 1


@dataclass(frozen=True)
class Halves:
    """``first`` has the model's inputs and gives ``tensor``; ``second`` takes ``tensor`` and gives the model's outputs. Each is a
    model in parts that follow one another: to join them would copy tens of megabytes in one go."""

    first: Parts
    second: Parts
    tensor: str


def cut_before(model: bytes, weight: str) -> Halves | None:
    """Cuts at what goes into the node that uses ``weight``: a tensor of float32 and three dimensions.

    None where there is no such weight, where the second half would also need one of the model's inputs, or where the bytes
    are no model.
    """
    try:
        return _cut(model, weight)
    except (IndexError, ValueError, StopIteration):
        return None


class _Node(NamedTuple):
    field: Field
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def _cut(model: bytes, weight: str) -> Halves | None:
    outer = list(fields(model, 0, len(model)))
    whole = next(field for field in outer if field.number == _GRAPH)
    graph = list(fields(model, whole.inside, whole.end))
    nodes = [_node(model, field) for field in graph if field.number == _NODE]
    inputs = {_name(model, field, _VALUE_NAME) for field in graph if field.number == _INPUT}
    outputs = [_name(model, field, _VALUE_NAME) for field in graph if field.number == _OUTPUT]
    tensor = next((node.inputs[0] for node in nodes if weight in node.inputs[1:]), None)
    if tensor is None or tensor in inputs:
        return None
    second, needed = _upstream(nodes, outputs, stop=tensor)
    if needed & inputs:
        return None
    first, also_needed = _upstream(nodes, [tensor])
    value = _value_info(tensor)
    before = _half(model, graph, first, also_needed, add=message(_OUTPUT, value), drop=_OUTPUT)
    after = _half(model, graph, second, needed, add=message(_INPUT, value), drop=_INPUT)
    return Halves(_model(model, outer, before), _model(model, outer, after), tensor)


def _upstream(nodes: Sequence[_Node], wanted: Sequence[str], stop: str = "") -> tuple[set[Field], set[str]]:
    """The nodes that ``wanted`` is made by, and every tensor that they need."""
    made_by = {output: node for node in nodes for output in node.outputs}
    waiting, seen, found = list(wanted), {stop}, set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        node = made_by.get(name)
        if node is not None:
            found.add(node.field)
            waiting.extend(node.inputs)
    return found, seen


def _half(model: bytes, graph: Sequence[Field], nodes: set[Field], needed: set[str], *, add: bytes, drop: int) -> list[Part]:
    """The parts of a graph's message."""
    whole = memoryview(model)
    parts: list[Part] = []
    for field in graph:
        if field.number in (drop, _TYPE_HINT) or (field.number == _NODE and field not in nodes):
            continue
        if field.number == _INITIALIZER and _name(model, field, _TENSOR_NAME) not in needed:
            continue
        parts.append(whole[field.start : field.end])
    return [*parts, add]


def _model(model: bytes, outer: Sequence[Field], graph: list[Part]) -> Parts:
    head = length_tag(_GRAPH, sum(map(len, graph)))
    parts: list[Part] = []
    for field in outer:
        parts.extend([head, *graph] if field.number == _GRAPH else [model[field.start : field.end]])
    return tuple(parts)


def _node(model: bytes, field: Field) -> _Node:
    inputs, outputs = [], []
    for part in fields(model, field.inside, field.end):
        if part.number == _NODE_INPUT:
            inputs.append(model[part.inside : part.end].decode())
        elif part.number == _NODE_OUTPUT:
            outputs.append(model[part.inside : part.end].decode())
        else:  # protobuf's writers keep the order of the numbers: no more names follow
            break
    return _Node(field, tuple(inputs), tuple(outputs))


def _name(model: bytes, field: Field, number: int) -> str:
    parts = fields(model, field.inside, field.end)
    return next(model[part.inside : part.end].decode() for part in parts if part.number == number)


def _value_info(name: str) -> bytes:
    """A tensor of float32 (type 1) with three dimensions of any size."""
    shape = b"".join(message(1, message(2, f"{name}_{axis}".encode())) for axis in range(3))
    return message(1, name.encode()) + message(2, message(1, b"\x08\x01" + message(2, shape)))
