"""The shipped networks: each loaded by its checked sha256, one interpreter a process and network.

They come from Google MediaPipe (Apache-2.0). One thread each: captures are read by many processes,
and the sums of a single thread always come out the same.
"""

import hashlib
import io
import os
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Any, NamedTuple, cast

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

Floats = NDArray[np.float32]

cv2.setNumThreads(1)


class DamagedModel(Exception):
    """A shipped model file is not the one that was released: the installation is broken."""


class _Source(NamedTuple):
    file: str
    sha256: str
    member: str = ""


_LANDMARKER = ("face_landmarker.task", "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff")
_SOURCES = {
    "short-range": _Source(*_LANDMARKER, member="face_detector.tflite"),
    "full-range": _Source(
        "face_detection_full_range.tflite",
        "99bf9494d84f50acc6617d89873f71bf6635a841ea699c17cb3377f9507cfec3",
    ),
    "mesh": _Source(*_LANDMARKER, member="face_landmarks_detector.tflite"),
    "person": _Source(
        "selfie_segmentation.tflite",
        "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
    ),
}

NAMES = tuple(_SOURCES)


class Model:
    """One network: a square RGB picture in, its outputs in the network's own order."""

    def __init__(self, data: bytes) -> None:
        with _hushed():
            self._net: Any = Interpreter(model_content=data, num_threads=1)
            self._net.allocate_tensors()
        self._lock = Lock()
        entry = self._net.get_input_details()[0]
        self._input: int = entry["index"]
        self._outputs = [output["index"] for output in self._net.get_output_details()]
        self.side = int(entry["shape"][1])

    def run(self, picture: Floats) -> Sequence[Floats]:
        """The outputs for a side × side × 3 array, without their first axis of 1."""
        with self._lock:
            self._net.set_tensor(self._input, picture[np.newaxis])
            self._net.invoke()
            return [cast(Floats, self._net.get_tensor(output))[0] for output in self._outputs]


@contextmanager
def _hushed() -> Iterator[None]:
    """LiteRT tells the operator's terminal which delegate it chose; there is no switch for that."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@cache
def load(name: str) -> Model:
    """The network `name`; `DamagedModel` when its file is missing or is not the released one."""
    source = _SOURCES[name]
    path = files("gradphoto") / "models" / source.file
    data = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise DamagedModel(f"模型文件 {source.file} 缺失或已损坏，请重新安装 gradphoto")
    if source.member:
        data = zipfile.ZipFile(io.BytesIO(data)).read(source.member)
    return Model(data)
