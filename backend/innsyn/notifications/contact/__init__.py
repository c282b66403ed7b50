"""Where somebody can be reached: what the contact register says, and what of it may be used."""
