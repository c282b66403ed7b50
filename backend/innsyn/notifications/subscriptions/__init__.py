"""Browsers that are told that there is something new: asked for by whoever uses them, and let go again."""
