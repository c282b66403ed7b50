"""What a citizen wishes of the own record: when results open, and who in the health service may not see what."""
