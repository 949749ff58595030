"""Who may have infected whom: probabilities for every possible infector, never a single arrow.

Onset dates alone do not identify infectors; contacts narrow the choice, and still two arrows of
three may be wrong. Everything here therefore speaks in probabilities, and the one tree that is
drawn from them carries the probability of each of its links.
"""
