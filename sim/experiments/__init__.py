"""Experiments: runs of a scenario over what is not known and what cannot be known."""
