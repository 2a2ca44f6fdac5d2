"""A HiFi-GAN decoder (Kong et al., NeurIPS 2020), written anew so that onnxruntime computes it in two thirds of the time.

onnxruntime unrolls one-dimensional convolutions into matrices; two-dimensional ones it computes directly, on signals laid out
in blocks of channels ("NCHWc"), where a processor's vectors are full and nothing is copied. So every signal of (1, channels,
time) becomes one of (1, channels, 1, time), and every step becomes one that keeps that layout:

* A leaky rectifier gets a convolution of one tap for each channel before it, which it is then fused with; the division that
  stands before some of them is that tap.
* A transposed convolution of stride s is a convolution with s times the channels, whose outputs are put in a row in time
  (Shi et al., CVPR 2016): each sample comes of the few inputs that reach it, nothing is added up afterwards.

The sums are the same ones in another order: the difference is rounding (below −110 dB).

After each of the stages less context is needed. What a window has more is cut off there, where the work grows eightfold.
"""

from __future__ import annotations

import math
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from declaim.voices.onnx import Session, open_session
from declaim.voices.onnx_graph import Graph, Node, read_graph, write_model
from declaim.voices.onnx_wire import Parts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LEAST_OPSET = 10
"""From which on the ends of a slice are inputs."""
_HAVE_BLOCKS = ("x86_64", "AMD64")
_WINDOWS = (64, 128)
"""While seven tenths of a second are heard, the next second and a half is computed. What lies in such a window stays in a
processor's cache, and an edge between two costs 4 % of the work."""


class Cut(NamedTuple):
    """Where signals of ``rate`` samples a frame lose the context beyond ``context`` frames, and ``trim`` samples in any case.
    ``start`` and ``end`` are inputs of the model."""

    start: str
    end: str
    rate: int
    trim: int
    context: int


@dataclass(frozen=True)
class DecoderModel:
    """``tensor`` takes frames, shape (1, channels, frames). ``context``: frames on both sides by which a sample is touched.
    ``windows``: how many frames are best decoded at once, at first and later."""

    model: Parts
    tensor: str
    context: int = 16
    cuts: tuple[Cut, ...] = ()
    windows: tuple[int, ...] = (64, 256, 512)


class Decoder:
    """Frames to sound, in windows. Thread-safe."""

    def __init__(self, model: DecoderModel, threads: int) -> None:
        self._session: Session = open_session(model.model, threads)
        self._model = model

    def sounds(self, frames: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        """All of it, in order."""
        for start, end in windows(frames.shape[2], self._model.windows):
            yield self.sound(frames, start, end)

    def sound(self, frames: NDArray[np.float32], start: int, end: int) -> NDArray[np.float32]:
        """The samples of the frames from ``start`` to ``end``, shape (n,), as if all of ``frames`` had been decoded."""
        import numpy as np

        own = self._model
        before, after = min(own.context, start), min(own.context, frames.shape[2] - end)
        inputs: dict[str, Any] = {own.tensor: frames[:, :, start - before : end + after]}
        for cut in own.cuts:
            left, right = min(before, cut.context), min(after, cut.context)
            inputs[cut.start] = np.array([cut.trim + (before - left) * cut.rate])
            inputs[cut.end] = np.array([-cut.trim - (after - right) * cut.rate])
            before, after = left, right
        sound = np.asarray(self._session.run(None, inputs)[0], np.float32).reshape(-1)
        hop = len(sound) // (before + end - start + after)
        return sound[before * hop : (before + end - start) * hop]


def windows(frames: int, sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Starts and ends; a rest that is shorter than half a window goes with the one before."""
    start, number = 0, 0
    while start < frames:
        size = sizes[min(number, len(sizes) - 1)]
        end = start + size if start + size * 3 // 2 < frames else frames
        yield start, end
        start, number = end, number + 1


def fastest_form(model: Parts, tensor: str) -> DecoderModel:
    """The decoder in blocks where the processor gains by them: onnxruntime has them for x86-64; else as it is."""
    blocked = in_blocks(b"".join(model))
    if blocked is None or platform.machine() in _HAVE_BLOCKS:
        return blocked or DecoderModel(model, tensor)
    return DecoderModel(model, tensor, blocked.context)


def in_blocks(model: bytes) -> DecoderModel | None:
    """The decoder in the other form; None where it has a step that is not known here."""
    try:
        return _Rewriting(read_graph(model)).done()
    except (ValueError, IndexError, KeyError, StopIteration, ZeroDivisionError):
        return None


class _Signal(NamedTuple):
    """``scale``: what a division left to be multiplied with. ``reach``: frames on each side by which it is touched."""

    name: str
    channels: int
    rate: int
    reach: float
    scale: float = 1.0


class _Rewriting:
    """Goes through the steps in order; ``_known`` maps a signal of the old graph to that of the new one."""

    def __init__(self, old: Graph) -> None:
        (tensor,) = old.inputs
        if old.opset < _LEAST_OPSET:
            raise ValueError("operators of another age")
        self._old, self._new = old, Graph(old.inputs, old.output, old.opset)
        first = next(node for node in old.nodes if tensor in node.inputs)
        channels = old.tensors[first.inputs[1]].shape[1]
        wide = self._add("Reshape", tensor, self._numbers(0, 0, 1, -1))
        self._known = {tensor: _Signal(wide, channels, 1, 0.0)}
        self._cuts: list[tuple[Cut, float]] = []

    def done(self) -> DecoderModel:
        steps: dict[str, Callable[[Node], _Signal]] = {
            "Conv": self._conv,
            "ConvTranspose": self._transposed,
            "LeakyRelu": self._rectified,
            "Add": self._sum,
            "Div": self._divided,
            "Tanh": self._tanh,
            "Unsqueeze": self._same,
        }
        for node in self._old.nodes:
            self._known[node.output] = steps[node.op](node)
        last = self._known[self._old.output]
        self._new.output = _unscaled(last).name
        (tensor,) = self._old.inputs
        cuts = tuple(cut._replace(context=math.ceil(last.reach - reach)) for cut, reach in self._cuts)
        ends = {name: (int, 1) for cut in cuts for name in (cut.start, cut.end)}
        model = write_model(self._new, {tensor: (float, 3), **ends})
        return DecoderModel(model, tensor, math.ceil(last.reach), cuts, _WINDOWS)

    def _conv(self, node: Node) -> _Signal:
        signal = _unscaled(self._known[node.inputs[0]])
        weight, *bias = (self._old.tensors[name] for name in node.inputs[1:])
        (taps,), (dilation,) = _ints(node, "kernel_shape"), _ints(node, "dilations")
        pads = _ints(node, "pads")
        if not taps % 2 or _ints(node, "strides") != (1,) or pads != (dilation * (taps - 1) // 2,) * 2:
            raise ValueError("a convolution that changes the length")
        _refuse_groups(node)
        name = self._convolved(signal.name, weight[:, :, None, :], bias, dilation=dilation, pad=pads[0])
        reach = signal.reach + dilation * (taps - 1) / 2 / signal.rate
        return _Signal(name, weight.shape[0], signal.rate, reach)

    def _transposed(self, node: Node) -> _Signal:
        import numpy as np

        signal = _unscaled(self._known[node.inputs[0]])
        weight, *bias = (self._old.tensors[name] for name in node.inputs[1:])
        (stride,), (taps,), pads = _ints(node, "strides"), _ints(node, "kernel_shape"), _ints(node, "pads")
        is_even = taps % stride == 0 and (taps - stride) % 2 == 0 and pads == ((taps - stride) // 2,) * 2
        if not is_even or not pads[0] or _ints(node, "dilations") != (1,) or any(_ints(node, "output_padding", (0,))):
            raise ValueError("a transposed convolution of another kind")
        _refuse_groups(node)
        channels, reached = weight.shape[1], taps // stride
        # Sample s·m + r is the sum over n of input m − n with tap r + s·n.
        phases = weight.reshape(weight.shape[0], channels, reached, stride)[:, :, ::-1].transpose(3, 1, 0, 2)
        kernel = np.ascontiguousarray(phases).reshape(stride * channels, weight.shape[0], 1, reached)
        wide = self._convolved(signal.name, kernel, [np.tile(one, stride) for one in bias], pad=reached - 1)
        in_time = self._add("Transpose", wide, perm=(0, 2, 3, 1))
        rate = signal.rate * stride
        cut = Cut(f"start_{rate}", f"end_{rate}", rate, pads[0], 0)
        row = self._add("Reshape", in_time, self._numbers(1, 1, -1, channels))
        inner = self._add("Slice", row, cut.start, cut.end, self._numbers(2))
        reach = signal.reach + (reached - 1) / signal.rate
        self._cuts.append((cut, reach))
        # A step in blocks of its own: what is added to it later stays in that layout.
        name = self._tapped(self._add("Transpose", inner, perm=(0, 3, 1, 2)), channels, 1.0)
        return _Signal(name, channels, rate, reach)

    def _rectified(self, node: Node) -> _Signal:
        signal = self._known[node.inputs[0]]
        tapped = self._tapped(signal.name, signal.channels, signal.scale)
        alpha = node.attributes.get("alpha", 0.01)
        if isinstance(alpha, tuple):
            raise ValueError("a rectifier of another kind")
        name = self._add("LeakyRelu", tapped, alpha=float(alpha))
        return signal._replace(name=name, scale=1.0)

    def _sum(self, node: Node) -> _Signal:
        first, second = (_unscaled(self._known[name]) for name in node.inputs)
        if first[1:3] != second[1:3]:
            raise ValueError("signals of two kinds are added")
        return first._replace(name=self._add("Add", first.name, second.name), reach=max(first.reach, second.reach))

    def _divided(self, node: Node) -> _Signal:
        signal, by = self._known[node.inputs[0]], self._old.tensors[node.inputs[1]]
        if by.size != 1:
            raise ValueError("a division by more than one number")
        return signal._replace(scale=signal.scale / float(by.reshape(-1)[0]))

    def _tanh(self, node: Node) -> _Signal:
        signal = _unscaled(self._known[node.inputs[0]])
        return signal._replace(name=self._add("Tanh", signal.name))

    def _same(self, node: Node) -> _Signal:
        """Of a step that only changes the shape, which nobody asks for: behind the last one."""
        signal = self._known[node.inputs[0]]
        if node.output != self._old.output:
            raise ValueError("another shape")
        return signal

    def _tapped(self, name: str, channels: int, scale: float) -> str:
        import numpy as np

        return self._convolved(name, np.full((channels, 1, 1, 1), scale, np.float32), [], group=channels)

    def _convolved(self, name: str, weight: Any, bias: Sequence[Any], *, dilation: int = 1, pad: int = 0, group: int = 1) -> str:
        tensors = [self._tensor(tensor) for tensor in (weight, *bias)]
        return self._add(
            "Conv",
            name,
            *tensors,
            kernel_shape=(1, weight.shape[3]),
            dilations=(1, dilation),
            pads=(0, pad, 0, pad),
            strides=(1, 1),
            group=group,
        )

    def _numbers(self, *values: int) -> str:
        import numpy as np

        return self._tensor(np.array(values, np.int64))

    def _tensor(self, tensor: Any) -> str:
        name = f"tensor_{len(self._new.tensors)}"
        self._new.tensors[name] = tensor
        return name

    def _add(self, op: str, *inputs: str, **attributes: int | float | tuple[int, ...]) -> str:
        output = f"signal_{len(self._new.nodes)}"
        self._new.nodes.append(Node(op, inputs, output, attributes))
        return output


def _unscaled(signal: _Signal) -> _Signal:
    if signal.scale != 1:
        raise ValueError("a division that no rectifier follows")
    return signal


def _refuse_groups(node: Node) -> None:
    if node.attributes.get("group", 1) != 1:
        raise ValueError("a convolution in groups")


def _ints(node: Node, name: str, otherwise: tuple[int, ...] | None = None) -> tuple[int, ...]:
    value = node.attributes[name] if otherwise is None else node.attributes.get(name, otherwise)
    return value if isinstance(value, tuple) else (int(value),)
