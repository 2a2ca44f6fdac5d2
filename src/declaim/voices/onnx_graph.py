"""A small ONNX model as values, to be read and written anew (onnx.proto; the numbers are those of its fields)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from declaim.voices.onnx_wire import BYTES, FIXED_32, Field, Parts, fields, length_tag, message, read_varint, whole_number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Tensor = NDArray[np.float32] | NDArray[np.int64]

Attribute = int | float | tuple[int, ...]
_IR_VERSION, _GRAPH, _OPSETS = 1, 7, 8
_NODE, _GRAPH_NAME, _INITIALIZER, _INPUT, _OUTPUT = 1, 2, 5, 11, 12
_FLOAT, _INT64 = 1, 7
"""Types of tensors."""
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INT, _ATTRIBUTE_INTS = 1, 2, 7
"""Types of attributes."""


@dataclass(frozen=True)
class Node:
    op: str
    inputs: tuple[str, ...]
    output: str
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


@dataclass
class Graph:
    """``nodes`` in an order in which they can be computed; ``opset`` is the version of the operators."""

    inputs: tuple[str, ...]
    output: str
    opset: int
    nodes: list[Node] = field(default_factory=list)
    tensors: dict[str, Tensor] = field(default_factory=dict)


def read_graph(model: bytes) -> Graph:
    """A model of float32 and int64 tensors with one output, whose attributes are numbers.

    Raises:
        ValueError, IndexError: for any other model, and for what is none.
    """
    outer = list(fields(model, 0, len(model)))
    (whole,) = (part for part in outer if part.number == _GRAPH)
    opsets = [_opset(model, part) for part in outer if part.number == _OPSETS]
    parts = list(fields(model, whole.inside, whole.end))
    (output,) = _names(model, parts, _OUTPUT)
    tensors = dict(_tensor(model, part) for part in parts if part.number == _INITIALIZER)
    inputs = tuple(name for name in _names(model, parts, _INPUT) if name not in tensors)
    nodes = [_node(model, part) for part in parts if part.number == _NODE]
    return Graph(inputs, output, max(opsets), nodes, tensors)


def write_model(graph: Graph, inputs: Mapping[str, tuple[type, int]]) -> Parts:
    """The model in parts. ``inputs``: the type (float or int) and the dimensions of each; their sizes are left open."""
    body: list[bytes | memoryview] = [message(_NODE, _node_bytes(node)) for node in graph.nodes]
    body.append(message(_GRAPH_NAME, b"declaim"))
    for name, tensor in graph.tensors.items():
        head = _tensor_head(name, tensor)
        body += [length_tag(_INITIALIZER, len(head) + tensor.nbytes), head, tensor.reshape(-1).view("u1").data]
    body += [message(_INPUT, _value(name, kind, axes)) for name, (kind, axes) in inputs.items()]
    body.append(message(_OUTPUT, message(1, graph.output.encode()) + message(2, message(1, whole_number(1, _FLOAT)))))
    opset = message(_OPSETS, whole_number(2, graph.opset))
    return (whole_number(_IR_VERSION, 8), opset, length_tag(_GRAPH, sum(map(len, body))), *body)


def _opset(model: bytes, part: Field) -> int:
    inner = {one.number: one for one in fields(model, part.inside, part.end)}
    if 1 in inner and inner[1].end > inner[1].inside:
        raise ValueError("operators of another domain")
    return read_varint(model, inner[2].inside)[0] if 2 in inner else 1


def _names(model: bytes, parts: Iterable[Field], number: int) -> list[str]:
    return [_texts(model, part, 1)[0] for part in parts if part.number == number]


def _texts(model: bytes, part: Field, number: int) -> tuple[str, ...]:
    return tuple(model[one.inside : one.end].decode() for one in fields(model, part.inside, part.end) if one.number == number)


def _node(model: bytes, part: Field) -> Node:
    (op,) = _texts(model, part, 4)
    (output,) = _texts(model, part, 2)
    own = [one for one in fields(model, part.inside, part.end) if one.number == 5]
    return Node(op, _texts(model, part, 1), output, dict(_attribute(model, one) for one in own))


def _attribute(model: bytes, part: Field) -> tuple[str, Attribute]:
    inner = list(fields(model, part.inside, part.end))
    (name,) = _texts(model, part, 1)
    ints = tuple(_numbers(model, inner, 8))
    if ints:
        return name, ints
    for one in inner:
        if one.number == 2 and one.wire == FIXED_32:
            return name, float(struct.unpack_from("<f", model, one.inside)[0])
    (number,) = _numbers(model, inner, 3)
    return name, number


def _numbers(model: bytes, inner: Sequence[Field], number: int) -> list[int]:
    """Packed or not."""
    found = []
    for one in inner:
        at = one.inside
        while one.number == number and at < one.end:
            value, at = read_varint(model, at)
            found.append(value - (1 << 64) if value >> 63 else value)
    return found


def _tensor(model: bytes, part: Field) -> tuple[str, Tensor]:
    import numpy as np

    inner = list(fields(model, part.inside, part.end))
    (name,) = _texts(model, part, 8)
    shape, (kind,) = _numbers(model, inner, 1), _numbers(model, inner, 2)
    types: dict[int, Any] = {_FLOAT: np.float32, _INT64: np.int64}
    if kind not in types or any(one.number == 14 for one in inner):
        raise ValueError(f"the tensor {name} is of another type, or lies in another file")
    raw = [one for one in inner if one.number == 9 and one.wire == BYTES]
    listed = [one for one in inner if one.number == 4 and one.wire == BYTES]
    if kind == _INT64 and not raw:
        return name, np.array(_numbers(model, inner, 7), np.int64).reshape(shape)
    (content,) = raw or listed
    return name, np.frombuffer(memoryview(model)[content.inside : content.end], types[kind]).reshape(shape)


def _node_bytes(node: Node) -> bytes:
    out = b"".join(message(1, name.encode()) for name in node.inputs) + message(2, node.output.encode())
    out += message(4, node.op.encode())
    return out + b"".join(message(5, _attribute_bytes(name, value)) for name, value in node.attributes.items())


def _attribute_bytes(name: str, value: Attribute) -> bytes:
    head = message(1, name.encode())
    if isinstance(value, tuple):
        return head + b"".join(whole_number(8, one) for one in value) + whole_number(20, _ATTRIBUTE_INTS)
    if isinstance(value, float):
        return head + b"\x15" + struct.pack("<f", value) + whole_number(20, _ATTRIBUTE_FLOAT)
    return head + whole_number(3, value) + whole_number(20, _ATTRIBUTE_INT)


def _tensor_head(name: str, tensor: Tensor) -> bytes:
    """All of a tensor's message but its content, which is its last field."""
    kind = _INT64 if tensor.dtype.kind == "i" else _FLOAT
    dims = b"".join(whole_number(1, size) for size in tensor.shape)
    return dims + whole_number(2, kind) + message(8, name.encode()) + length_tag(9, tensor.nbytes)


def _value(name: str, kind: type, axes: int) -> bytes:
    shape = b"".join(message(1, message(2, f"{name}_{axis}".encode())) for axis in range(axes))
    types = {float: _FLOAT, int: _INT64}
    return message(1, name.encode()) + message(2, message(1, whole_number(1, types[kind]) + message(2, shape)))
