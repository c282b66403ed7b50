"""The read model made anew from the raw landing, beside the one that is read meanwhile."""
