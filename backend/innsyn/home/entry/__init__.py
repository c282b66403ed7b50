"""The page of one entry: what the journal says, and beside it what has been written to the care services about it."""
