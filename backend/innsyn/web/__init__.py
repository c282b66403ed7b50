"""What every page and API answer shares: one file per concern."""
