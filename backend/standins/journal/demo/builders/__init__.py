"""Small functions that each write one resource, or one group that belongs together, into a chart."""
