"""People and households: the one place where identities are kept.

Every other room knows a person by a key that says nothing.
"""
