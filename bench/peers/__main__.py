"""`python -m bench.peers make [NAME …]`: an environment of its own for each peer."""

import sys

from bench import peers

words = sys.argv[1:]
if words[:1] != ["make"] or not set(words[1:]) <= set(peers.NAMES):
    raise SystemExit(f"usage: python -m bench.peers make [{' | '.join(peers.NAMES)}] …")
for name in words[1:] or peers.NAMES:
    print(f"{name}: {peers.make(name)}")
