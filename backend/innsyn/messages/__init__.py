"""Messages with the care services: threads with a unit, begun by either, and how far each has come."""
