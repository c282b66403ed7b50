"""What the journal answers to what a citizen has asked of it: beside the entries, not one of them."""
