"""The access log cannot be changed unseen: sealed in batches, with signed checkpoints outside the database."""
