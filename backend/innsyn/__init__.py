"""Innsyn: the citizen's side of one shared journal."""
