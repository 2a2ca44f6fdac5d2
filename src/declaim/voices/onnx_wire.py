"""The outer layers of an ONNX file, which is one protobuf message: fields read in place, and written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

VARINT, FIXED_64, BYTES, FIXED_32 = 0, 1, 2, 5
"""Wire types (protobuf.dev, "Encoding"). What is of type ``BYTES`` carries its length."""

Part = bytes | memoryview
Parts = tuple[Part, ...]
"""A message in pieces that follow one another: to join them would copy megabytes."""


class Field(NamedTuple):
    """One field of a message: its number and wire type, where in the file it starts, where its content does, where both end."""

    number: int
    wire: int
    start: int
    inside: int
    end: int


def fields(data: bytes, at: int, end: int) -> Iterator[Field]:
    """The fields of the message that lies from ``at`` to ``end``.

    Raises:
        ValueError, IndexError: where it is no message.
    """
    while at < end:
        start = at
        tag, at = read_varint(data, at)
        wire, length = tag & 7, 0
        inside = at
        if wire == BYTES:
            length, inside = read_varint(data, at)
        elif wire == VARINT:
            _, at = read_varint(data, at)
        elif wire in (FIXED_64, FIXED_32):
            length = 8 if wire == FIXED_64 else 4
        else:
            raise ValueError(f"wire type {wire} is none of protobuf's")
        after = at if wire == VARINT else inside + length
        if after > end:
            raise ValueError("the message is cut off")
        yield Field(tag >> 3, wire, start, inside, after)
        at = after


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """A number, and where what follows it begins."""
    number = data[at]
    if number < 0x80:
        return number, at + 1
    number, shift = number & 0x7F, 7
    while True:
        at += 1
        byte = data[at]
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at + 1
        shift += 7


def message(number: int, content: bytes) -> bytes:
    """A field that carries a message, a text or bytes."""
    return length_tag(number, len(content)) + content


def length_tag(number: int, length: int) -> bytes:
    """What stands before content of so many bytes."""
    return varint(number << 3 | BYTES) + varint(length)


def whole_number(number: int, value: int) -> bytes:
    """A field that carries an int64."""
    return varint(number << 3 | VARINT) + varint(value & 0xFFFF_FFFF_FFFF_FFFF)


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*out, number))
