"""What the citizen's own wish delays: applied to the rows by the worker, beside what the source says."""
