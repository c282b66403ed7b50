"""Who may see what: the Reader, the opening of a record, release and audience."""
