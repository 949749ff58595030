"""The quarantine desk: orders, stays, tests, health checks, and the way home."""
