"""The public page that says which forms can be filled in here."""
