"""What a random number is for. Two purposes never share a draw; numbers are never given anew."""

COURSE = 1
FORCE = 2
THRESHOLD = 3
CROSSING = 4
ACCEPT = 5
SEED = 6
RING = 10  # and the number of the layer
TESTING = 20
SENSITIVITY = 21
TRACING = 30  # and the number of the layer
SECONDARY = 38
ADHERENCE = 39
ESCAPE = 40
ISOLATION = 41
ROUNDS = 42
SWAB = 43
ANTIGEN = 44
ANTIGEN_SIGHT = 45
ARRIVAL = 46
ARRIVAL_AGE = 47
LEAK = 48
CHECKPOINT = 49
DOSES = 50
VACCINATION = 51
ZONE_TEST = 52
BED = 53
