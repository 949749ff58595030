"""How an outbreak spreads through a city, person by person, and what measures do to it."""
