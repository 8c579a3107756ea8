"""What a paper on training runs needs, and what it may not claim."""
