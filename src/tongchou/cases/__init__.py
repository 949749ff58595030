"""Cases, contacts, exposures and clusters: the facts that all desks share."""
