"""A page on which a person plays the care team: what they do goes out on the feed as a journal says it."""
