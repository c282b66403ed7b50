"""Files of messages: added to a draft, sent with it, received, looked into, and opened."""
