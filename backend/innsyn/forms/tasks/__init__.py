"""Forms that the care services ask a person to fill in: what is to be done, by when, and by whom."""
