"""Channels, sites and their daily counts; what is odd about them; the state of things each morning.

A day on which nothing came has no row, and a zero is a row: a silent sentinel never looks calm.
"""
