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
ARRIVAL_AGE = 47  # the day of an infection on which its bearer arrives
LEAK = 48
CHECKPOINT = 49
DOSES = 50
VACCINATION = 51
ZONE_TEST = 52
BED = 53
PRESENT = 54  # of the number of the week
ANTIGEN_TURN = 60
ANTIGEN_PART = 61
ANTIGEN_COUNT = 62
CHECKPOINT_SIGHT = 63
CHECKPOINT_COUNT = 64
ARRIVAL_ILL = 65
ARRIVAL_SIGHT = 66
ROUND_PLACE = 67
ARRIVAL_COUNT = 68

#: More than any of these.
MANY = 80
