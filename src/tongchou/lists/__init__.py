"""The two lists (两清单一制度): problems, tasks, and the rules that carry both to the front."""
