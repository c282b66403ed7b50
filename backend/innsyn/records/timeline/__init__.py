"""One list over all kinds and all sources, newest first; or one kind of it."""
