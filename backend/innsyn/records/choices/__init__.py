"""What a citizen decides about one entry: see it now, keep it from others, ask for a block of it."""
