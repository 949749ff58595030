"""Who was where with whom: visits, the store that keeps them, and the questions it answers.

People and places are dense numbers inside one store; no identity is ever in here.
"""
