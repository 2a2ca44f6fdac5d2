"""A decoder written in blocks makes the same sound, whole and in windows."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from declaim.voices.hifigan import Decoder, fastest_form, in_blocks, windows
from declaim.voices.onnx import open_session
from declaim.voices.onnx_cut import cut_before
from declaim.voices.onnx_graph import Graph, Node, read_graph, write_model
from declaim.voices.piper import JOE
from declaim.voices.vits import DECODER

CHANCE = np.random.default_rng(11)


def weights(*shape: int) -> np.ndarray:
    return (CHANCE.standard_normal(shape) / np.sqrt(shape[1] * shape[2])).astype(np.float32)


def small_decoder(*, taps: int = 8, stride: int = 4, last: str = "Tanh") -> Graph:
    """One stage, of 16 channels and 8: a transposed convolution, a residual block, a division, a last convolution."""
    graph = Graph(("frames",), "out", 15)
    graph.tensors = {
        "pre": weights(16, 4, 7),
        "up": weights(16, 8, taps),
        "up_bias": CHANCE.standard_normal(8).astype(np.float32),
        "block": weights(8, 8, 3),
        "post": weights(1, 8, 7),
        "two": np.array(2.0, np.float32),
    }
    pad = (taps - stride) // 2
    graph.nodes = [
        conv("frames", "pre", "a", 7),
        Node("LeakyRelu", ("a",), "b", {"alpha": 0.1}),
        Node(
            "ConvTranspose",
            ("b", "up", "up_bias"),
            "c",
            {"kernel_shape": (taps,), "strides": (stride,), "pads": (pad, pad), "dilations": (1,), "group": 1},
        ),
        Node("LeakyRelu", ("c",), "d", {"alpha": 0.1}),
        conv("d", "block", "e", 3, dilation=2),
        Node("Add", ("e", "c"), "f"),
        Node("Div", ("f", "two"), "g"),
        Node("LeakyRelu", ("g",), "h", {"alpha": 0.01}),
        conv("h", "post", "i", 7),
        Node(last, ("i",), "out"),
    ]
    return graph


def conv(source: str, weight: str, output: str, taps: int, *, dilation: int = 1) -> Node:
    pad = dilation * (taps - 1) // 2
    attributes = {"kernel_shape": (taps,), "strides": (1,), "pads": (pad, pad), "dilations": (dilation,), "group": 1}
    return Node("Conv", (source, weight), output, attributes)


def model_of(graph: Graph) -> bytes:
    return b"".join(write_model(graph, {"frames": (float, 3)}))


def difference_db(sound: np.ndarray, wanted: np.ndarray) -> float:
    assert sound.shape == wanted.shape
    return float(20 * np.log10(np.abs(sound - wanted).max() / np.abs(wanted).max() + 1e-12))


@pytest.mark.parametrize(("taps", "stride"), [(8, 4), (4, 2), (12, 4), (16, 8)])
@pytest.mark.parametrize("window", [40, 13, 1])
def test_blocks_and_windows_make_the_sound_of_the_whole(taps, stride, window):
    model = model_of(small_decoder(taps=taps, stride=stride))
    frames = CHANCE.standard_normal((1, 4, 40)).astype(np.float32)
    whole = open_session((model,), 1).run(None, {"frames": frames})[0].reshape(-1)
    decoder = Decoder(in_blocks(model), 1)
    parts = [decoder.sound(frames, start, min(40, start + window)) for start in range(0, 40, window)]
    assert difference_db(np.concatenate(parts), whole) < -100


def test_the_context_is_what_a_sample_is_touched_by():
    blocked = in_blocks(model_of(small_decoder()))
    # Three frames of the first convolution, one of the transposed, two of its samples for the block, three for the last.
    assert blocked.context == 6
    assert [(cut.rate, cut.trim, cut.context) for cut in blocked.cuts] == [(4, 2, 2)]


@pytest.mark.voices
@pytest.mark.parametrize("machine", ["x86_64", "arm64"])
def test_on_every_processor_the_pieces_make_the_sound_of_the_whole(machine, monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: machine)
    halves = cut_before(JOE.model.verified().read_bytes(), DECODER)
    form = fastest_form(halves.second, halves.tensor)
    frames = np.random.default_rng(6).standard_normal((1, 192, 150)).astype(np.float32)
    whole = open_session(halves.second, 1).run(None, {halves.tensor: frames})[0].reshape(-1)
    pieces = list(Decoder(form, 1).sounds(frames))
    assert len(pieces) > 1
    assert bool(form.cuts) == (machine == "x86_64")
    assert form.context == in_blocks(b"".join(halves.second)).context
    assert difference_db(np.concatenate(pieces), whole) < -90


@pytest.mark.voices
@pytest.mark.parametrize("window", [150, 64, 17])
def test_the_voice_that_comes_along_sounds_the_same(window):
    halves = cut_before(JOE.model.verified().read_bytes(), DECODER)
    frames = np.random.default_rng(5).standard_normal((1, 192, 150)).astype(np.float32)
    whole = open_session(halves.second, 1).run(None, {halves.tensor: frames})[0].reshape(-1)
    decoder = Decoder(in_blocks(b"".join(halves.second)), 1)
    parts = [decoder.sound(frames, start, min(150, start + window)) for start in range(0, 150, window)]
    assert difference_db(np.concatenate(parts), whole) < -100


def _without_rectifier(graph: Graph) -> None:
    graph.nodes[7] = Node("Tanh", ("g",), "h")


def _two_dividers(graph: Graph) -> None:
    graph.tensors["two"] = np.array([2.0, 3.0], np.float32)


def _uneven_stride(graph: Graph) -> None:
    graph.nodes[2].attributes["strides"] = (3,)


def _old_operators(graph: Graph) -> None:
    graph.opset = 9


def _two_inputs(graph: Graph) -> None:
    graph.inputs = ("frames", "speaker")


def _longer_at_its_end(graph: Graph) -> None:
    graph.nodes[2].attributes["output_padding"] = (1,)


def _in_groups(graph: Graph) -> None:
    graph.tensors["up"] = weights(16, 4, 8)
    graph.nodes[2].attributes["group"] = 2


def _even_taps(graph: Graph) -> None:
    graph.tensors["post"] = weights(1, 8, 6)
    graph.nodes[8] = conv("h", "post", "i", 6)


def _no_stride(graph: Graph) -> None:
    graph.nodes[2].attributes["strides"] = (0,)


@pytest.mark.parametrize(
    "change",
    [
        _without_rectifier, _two_dividers, _uneven_stride, _old_operators, _two_inputs,
        _longer_at_its_end, _in_groups, _even_taps, _no_stride,
    ],
)  # fmt: skip
def test_a_decoder_of_another_kind_is_left_alone(change):
    graph = small_decoder()
    change(graph)
    inputs = dict.fromkeys(graph.inputs, (float, 3))
    assert in_blocks(b"".join(write_model(graph, inputs))) is None


@pytest.mark.parametrize("step", ["Sigmoid", "Softmax"])
def test_an_unknown_step_is_left_alone(step):
    assert in_blocks(model_of(small_decoder(last=step))) is None


@pytest.mark.parametrize("data", [b"", b"\x00", b"not a model at all", bytes(range(256)) * 20, b"\x3a\xff\xff\xff\x7f"])
def test_what_is_no_model_is_left_alone(data):
    assert in_blocks(data) is None


def test_a_written_model_reads_back():
    graph = small_decoder()
    graph.tensors["numbers"] = np.array([-3, 0, 1 << 40], np.int64)
    again = read_graph(model_of(graph))
    assert (again.inputs, again.output, again.opset) == (graph.inputs, graph.output, graph.opset)
    assert [(node.op, node.inputs, node.output) for node in again.nodes] == [
        (node.op, node.inputs, node.output) for node in graph.nodes
    ]
    assert again.nodes[4].attributes == dict(graph.nodes[4].attributes)
    assert again.nodes[1].attributes["alpha"] == pytest.approx(0.1)
    for name, tensor in graph.tensors.items():
        np.testing.assert_array_equal(again.tensors[name], tensor)
        assert again.tensors[name].shape == tensor.shape


@pytest.mark.parametrize("sizes", [(64, 128), (64, 256, 512)])
@pytest.mark.parametrize("frames", [1, 63, 64, 65, 96, 97, 300, 448, 999, 3_000])
def test_windows_follow_one_another_to_the_end(frames, sizes):
    found = list(windows(frames, sizes))
    assert found[0][0] == 0
    assert found[-1][1] == frames
    assert all(before[1] == after[0] for before, after in pairwise(found))
    assert max(end - start for start, end in found) <= sizes[-1] * 3 // 2
    assert found[0][1] <= sizes[0] * 3 // 2
