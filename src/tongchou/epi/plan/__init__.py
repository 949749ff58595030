"""What a run costs and whom, and the search for the plan that costs least."""
