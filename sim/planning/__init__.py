"""The planning page: a plan's controls on one side, what they change on the other."""
