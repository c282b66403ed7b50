"""Access that a citizen gives somebody: invited by a code, claimed, confirmed, changed and ended."""
