"""What people and the system do, one measure a file: its options, its capacity, its delay.

Each file holds one frozen dataclass of options whose defaults do *nothing*, and one function that
the time step (`epi/spread/step.py`) calls. A share is a number from 0 to 1; a delay is in whole
days; a capacity is a number a day for the whole city, unlimited where it says nothing.
"""
