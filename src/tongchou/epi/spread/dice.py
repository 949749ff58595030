"""Random numbers without a state: every draw is a function of seed, purpose, day and person.

Nobody's luck depends on the order of the loop, on threads, or on what happened to others: two runs
that differ only in policy share every draw that both make (common random numbers). The generator
is SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195): a counter that steps by an
odd constant, put through a mixing function. The start of each counter is itself such a draw.

This file changes never, or every kernel that calls it must be compiled anew by hand.
"""

from typing import Any

import numpy as np

from tongchou.kit.compiled import kernel

__all__ = ["draw", "mixed", "stream", "unit"]

U64 = np.uint64

_GAMMA = U64(0x9E3779B97F4A7C15)
_FIRST = U64(0xBF58476D1CE4E5B9)
_SECOND = U64(0x94D049BB133111EB)
_S27, _S30, _S31, _S40 = U64(27), U64(30), U64(31), U64(40)
_SCALE = np.float32(2.0**-24)
_HALF = np.float32(2.0**-25)


@kernel
def mixed(word: Any) -> Any:
    """u64 -> u64: the mixing function of SplitMix64, one to one, every bit from every bit."""
    z = U64(word)
    z = (z ^ (z >> _S30)) * _FIRST
    z = (z ^ (z >> _S27)) * _SECOND
    return z ^ (z >> _S31)


@kernel
def stream(seed: Any, purpose: Any, day: Any) -> Any:
    """u64: where the counter of one purpose on one day starts. Purposes are in `purposes`."""
    start = mixed(U64(seed) + _GAMMA)
    start = mixed(start ^ (U64(purpose) + _GAMMA))
    return mixed(start ^ (U64(day) + _GAMMA))


@kernel
def draw(start: Any, number: Any) -> Any:
    """u64: the draw of one person (or household, or group) in a stream."""
    return mixed(U64(start) + U64(number) * _GAMMA)


@kernel
def unit(word: Any) -> Any:
    """f32 above 0, at most 1 (once in 17 million), from the upper 24 bits of a draw."""
    return np.float32(U64(word) >> _S40) * _SCALE + _HALF
