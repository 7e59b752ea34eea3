"""A real editing session through the real server, for people who want to see it before they set a key."""
