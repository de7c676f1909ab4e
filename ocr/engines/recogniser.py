"""Reading lines of print with PP-OCR's recogniser: many small calculations side by side, one on each core.

The recogniser's network gains almost nothing from a second core when it calculates one batch, for its layers are small; two
batches on two cores take half the time. So the lines are sorted by width, put together into batches of about equal work, and
the batches are handed to as many streams of OpenVINO as it thinks best for the cores.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ..engine import Pixels

__all__ = ["LineReader", "LineText"]

_HEIGHT_PX = 48
"""The height that the network takes lines in."""
_GRID_PX = 32
"""Widths are filled up to multiples of this: the network is laid out anew for each width that it has not met before."""
_MARGIN_PX = 32
"""Room behind a line: without it the last characters of long English lines are lost now and then."""
_BATCH_PX = 1024
"""Widths of the lines of a batch together; a line that is wider has a batch of its own."""
_MOST_STREAMS = 8
_WAITING = 2
"""Batches handed over for each stream: one that it calculates and one that it goes on with."""

Blob = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LineText:
    """What one line says.

    Attributes:
        text: Its characters, blanks included; empty where nothing was seen.
        columns: For each character the column of the network's answer that it was seen in.
        confidences: For each character, 0.0 to 1.0.
        column_count: How many columns the line takes, padding left out.
    """

    text: str
    columns: tuple[int, ...]
    confidences: tuple[float, ...]
    column_count: float

    @property
    def confidence(self) -> float:
        """The mean of its characters, 0.0 where there are none."""
        return sum(self.confidences) / len(self.confidences) if self.confidences else 0.0


class LineReader:
    """The recogniser's network with its characters."""

    def __init__(self, model: Path, *, threads: int | None) -> None:
        """Load it.

        Args:
            model: A recogniser of PP-OCR as ONNX, which holds the list of its characters.
            threads: How many it may use; None: as many as OpenVINO finds cores.

        Raises:
            ImportError: OpenVINO is not installed.
            RuntimeError: It cannot load the model.
            KeyError: The model lacks the characters.
        """
        import openvino

        core = openvino.Core()
        network = core.read_model(model)
        listed = network.get_rt_info()["framework"]["character"].value
        # The first answer means "no character"; the blank is not in the list and comes last.
        self._characters = ("", *listed.splitlines(), " ")
        settings: dict[str, Any] = {"PERFORMANCE_HINT": "THROUGHPUT", "PERFORMANCE_HINT_NUM_REQUESTS": _MOST_STREAMS}
        if threads is not None:
            settings["INFERENCE_NUM_THREADS"] = threads
        compiled = core.compile_model(network, "CPU", settings)
        streams = int(compiled.get_property("NUM_STREAMS"))
        self._requests = [compiled.create_infer_request() for _ in range(_WAITING * streams)]

    def read(self, lines: Sequence[Pixels]) -> list[LineText]:
        """What stands in each of the lines, images of one line each in OpenCV's order of channels.

        Raises:
            RuntimeError: OpenVINO gave up.
        """
        texts: dict[int, LineText] = {}
        under_way: dict[int, list[int]] = {}
        try:
            for turn, members in enumerate(_batches(lines)):
                place = turn % len(self._requests)
                if place in under_way:
                    texts.update(self._answer(place, under_way.pop(place), lines))
                self._requests[place].start_async([_blob([lines[i] for i in members])])
                under_way[place] = members
            for place, members in under_way.items():
                texts.update(self._answer(place, members, lines))
        finally:
            # After an error too, none may be at work when the next page comes.
            for request in self._requests:
                request.wait()
        return [texts[i] for i in range(len(lines))]

    def _answer(self, place: int, members: Sequence[int], lines: Sequence[Pixels]) -> Iterator[tuple[int, LineText]]:
        request = self._requests[place]
        request.wait()
        width = int(request.get_input_tensor().shape[3])
        answer = request.get_output_tensor().data
        best = answer.argmax(axis=2)
        sure = np.take_along_axis(answer, best[..., None], axis=2)[..., 0]
        for row, i in enumerate(members):
            column_count = best.shape[1] * _width(lines[i]) / width
            yield i, self._decoded(best[row], sure[row], column_count)

    def _decoded(self, best: npt.NDArray[np.int64], sure: Blob, column_count: float) -> LineText:
        """A character counts in the first of the columns that it fills; between two that are alike is one without."""
        first = best != 0
        first[1:] &= best[1:] != best[:-1]
        columns = np.flatnonzero(first)
        text = "".join(self._characters[index] for index in best[columns])
        confidences = tuple(min(1.0, max(0.0, float(value))) for value in sure[columns])
        return LineText(text, tuple(int(column) for column in columns), confidences, column_count)


def _width(line: Pixels) -> int:
    """Of the line at the network's height, in pixels."""
    return max(1, math.ceil(_HEIGHT_PX * int(line.shape[1]) / int(line.shape[0])))


def _batches(lines: Sequence[Pixels]) -> Iterator[list[int]]:
    """Numbers of lines, the widest first, such that lines of like width are read together."""
    members: list[int] = []
    widest = 0
    for i in sorted(range(len(lines)), key=lambda i: -_width(lines[i])):
        if members and (len(members) + 1) * widest > _BATCH_PX:
            yield members
            members = []
        if not members:
            widest = _on_grid(_width(lines[i]))
        members.append(i)
    if members:
        yield members


def _on_grid(width: int) -> int:
    return math.ceil((width + _MARGIN_PX) / _GRID_PX) * _GRID_PX


def _blob(lines: Sequence[Pixels]) -> Blob:
    """The lines as the network takes them, levels from -1 to 1, filled up on the right with the level between."""
    blob = np.zeros((len(lines), 3, _HEIGHT_PX, _on_grid(max(map(_width, lines)))), dtype=np.float32)
    for row, line in enumerate(lines):
        scaled = cv2.resize(line, (_width(line), _HEIGHT_PX)).astype(np.float32)
        blob[row, :, :, : scaled.shape[1]] = (scaled / 127.5 - 1.0).transpose(2, 0, 1)
    return blob
