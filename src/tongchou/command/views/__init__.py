"""The pages of the command desk, one file each; they ask, and leave the rules to the rest."""
