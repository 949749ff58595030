"""Columns out of DuckDB as flat arrays, texts included, without a Python object per cell.

DuckDB hands out its result through the Arrow C stream interface, which needs no library on either
side: three C structures, read here with ctypes. Only what `reading` asks for is understood.

References
----------
https://arrow.apache.org/docs/format/CStreamInterface.html
"""

import ctypes
from collections.abc import Iterator
from ctypes import POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.trace.keys import Keys

__all__ = ["batches"]

Column = NDArray[np.generic] | Keys

_NUMBERS: dict[bytes, type[np.generic]] = {
    b"c": np.int8,
    b"C": np.uint8,
    b"s": np.int16,
    b"S": np.uint16,
    b"i": np.int32,
    b"I": np.uint32,
    b"l": np.int64,
    b"L": np.uint64,
    b"f": np.float32,
    b"g": np.float64,
}


class _Schema(Structure):
    pass


class _Array(Structure):
    pass


_Schema._fields_ = [
    ("format", c_char_p),
    ("name", c_char_p),
    ("metadata", c_void_p),
    ("flags", c_int64),
    ("n_children", c_int64),
    ("children", POINTER(POINTER(_Schema))),
    ("dictionary", c_void_p),
    ("release", ctypes.CFUNCTYPE(None, POINTER(_Schema))),
    ("private_data", c_void_p),
]
_Array._fields_ = [
    ("length", c_int64),
    ("null_count", c_int64),
    ("offset", c_int64),
    ("n_buffers", c_int64),
    ("n_children", c_int64),
    ("buffers", POINTER(c_void_p)),
    ("children", POINTER(POINTER(_Array))),
    ("dictionary", c_void_p),
    ("release", ctypes.CFUNCTYPE(None, POINTER(_Array))),
    ("private_data", c_void_p),
]


class _Stream(Structure):
    pass


_Stream._fields_ = [
    ("get_schema", ctypes.CFUNCTYPE(c_int, POINTER(_Stream), POINTER(_Schema))),
    ("get_next", ctypes.CFUNCTYPE(c_int, POINTER(_Stream), POINTER(_Array))),
    ("get_last_error", ctypes.CFUNCTYPE(c_char_p, POINTER(_Stream))),
    ("release", c_void_p),
    ("private_data", c_void_p),
]

_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = c_void_p, [ctypes.py_object, c_char_p]


def batches(relation: Any) -> Iterator[dict[str, Column]]:
    """The rows of a DuckDB relation in portions: numbers as arrays, texts as `Keys`.

    The query must leave no NULL; every array is a copy that outlives the portion.

    Raises
    ------
    RuntimeError
        With DuckDB's words where the query fails on its way.
    TypeError
        For a column that is neither a number nor a text, or that holds NULL.
    """
    capsule = relation.__arrow_c_stream__()  # owns the stream; let go of when collected
    stream = _Stream.from_address(_pointer(capsule, b"arrow_array_stream"))
    schema = _Schema()
    _ask(stream, stream.get_schema(stream, schema))
    names = [
        (schema.children[i].contents.name.decode(), schema.children[i].contents.format)
        for i in range(schema.n_children)
    ]
    schema.release(schema)
    while True:
        array = _Array()
        _ask(stream, stream.get_next(stream, array))
        if not array.release:
            return
        try:
            yield {
                name: _column(array.children[i].contents, how, name)
                for i, (name, how) in enumerate(names)
            }
        finally:
            array.release(array)


def _ask(stream: Any, code: int) -> None:
    if code:
        said = stream.get_last_error(stream)
        raise RuntimeError(said.decode(errors="replace") if said else f"DuckDB: error {code}")


def _column(array: Any, how: bytes, name: str) -> Column:
    if array.null_count > 0:
        raise TypeError(f"column {name} holds NULL")
    n, first = array.length, array.offset
    if how in _NUMBERS:
        return _buffer(array, 1, first + n, _NUMBERS[how])[first:].copy()
    if how not in (b"u", b"U"):
        raise TypeError(f"column {name} is of Arrow format {how.decode()}")
    offsets = _buffer(array, 1, first + n + 1, np.int32 if how == b"u" else np.int64)[first:]
    start = int(offsets[0]) if n else 0
    end = int(offsets[-1]) if n else 0
    return Keys(
        _buffer(array, 2, end, np.uint8)[start:].copy(), offsets[1:].astype(np.int64) - start
    )


def _buffer(array: Any, number: int, size: int, kind: type[np.generic]) -> NDArray[Any]:
    address = array.buffers[number]
    if not size or not address:
        return np.zeros(0, kind)
    n_bytes = size * np.dtype(kind).itemsize
    memory: Any = (ctypes.c_char * n_bytes).from_address(address)
    found: NDArray[Any] = np.frombuffer(memory, kind)
    return found
