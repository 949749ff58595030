"""The daily report, written by the system, signed by a person, received above."""
