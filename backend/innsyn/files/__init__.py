"""Files that citizens and units send: taken in, looked into, scanned, and only then shown or delivered."""
