"""How records are kept: the audit that cannot be edited, bulk loading, append-only tables.

Nothing of the domain is known here; every room above may write an audit event.
"""
