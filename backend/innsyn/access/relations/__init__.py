"""Who is what to whom: facts from the journal's feed, and the permits that follow from them, stored with dates."""
