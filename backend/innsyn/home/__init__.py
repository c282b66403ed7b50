"""The first page: what is next, what is new, what there is."""
