"""How a form looks while it is filled in, read through, sent and kept: pure, from what the engine worked out."""
