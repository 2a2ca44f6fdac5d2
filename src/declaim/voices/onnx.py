"""Opening a model with onnxruntime: one session that all workers share.

A session may run in several threads at once. With one thread inside, N callers are as fast as N sessions and hold the
weights once. Memory patterns are off: they keep one arena plan per sentence length and grow with every new length, for no
gain in speed. Memory is not planned ahead either: that plan took three quarters of the time to open Piper's model (2.7 s of
processor where 0.85 s do) and changes neither speed nor peak memory, since the arena reuses what a step gives back.
Idle threads do not spin: they would take the core from the encoder and the other worker.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from declaim.errors import VoiceNotReady
from declaim.voices.models import INSTALL


class Session(Protocol):
    """The one method of ``onnxruntime.InferenceSession`` that is used; thread-safe."""

    def run(self, output_names: None, inputs: dict[str, Any]) -> list[Any]: ...


def open_session(model: Path | Sequence[bytes | memoryview], threads: int, *, is_optimised: bool = True) -> Session:
    """A session on the CPU, of a file or of a model in parts. A model of many small steps is loaded sooner as it is.

    Raises:
        VoiceNotReady: when onnxruntime cannot be loaded.
    """
    if isinstance(model, Path):
        return _opened(os.fspath(model), threads, is_optimised)
    # By a file for the moment: onnxruntime copies bytes while every other thread waits.
    with tempfile.TemporaryDirectory(prefix="declaim-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "model.onnx"
        try:
            with path.open("wb") as file:
                file.writelines(model)
        except OSError:  # no room for it there
            return _opened(b"".join(model), threads, is_optimised)
        return _opened(os.fspath(path), threads, is_optimised)


def _opened(source: str | bytes, threads: int, is_optimised: bool) -> Session:
    try:
        import onnxruntime
    except ImportError as error:
        raise VoiceNotReady(f"onnxruntime cannot be loaded: {error}.", cure=f"Run {INSTALL}") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.enable_mem_reuse = False
    options.log_severity_level = 3
    if not is_optimised:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session: Session = onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    return session


def cpu_count() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
