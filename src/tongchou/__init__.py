"""Tongchou 统筹: a command room with which a city meets an outbreak."""

__version__ = "0.1.0"
