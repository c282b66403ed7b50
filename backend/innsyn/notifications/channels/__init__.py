"""The ways out: each takes a letter without content to one address."""
