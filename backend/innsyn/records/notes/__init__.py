"""Notes and letters: text to read, and the files that came with it."""
