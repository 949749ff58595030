"""Reads of the room, each inside the reader's areas."""
