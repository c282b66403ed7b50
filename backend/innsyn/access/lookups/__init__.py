"""Who in the health service looked in whose record, and why: what the journal's own access log says."""
