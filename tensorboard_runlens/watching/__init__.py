"""Looks at a logdir again and again, and tells each new finding once."""
