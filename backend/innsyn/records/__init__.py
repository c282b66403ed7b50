"""What the journal says about a citizen: one table of entries, one folder per kind."""
