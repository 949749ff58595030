"""Who works here: users, units, and the posts that say who answers for what, where, when."""
