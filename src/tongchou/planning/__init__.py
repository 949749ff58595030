"""Scenarios of the city in the machine, and the plan that costs least: the desk above the model."""
