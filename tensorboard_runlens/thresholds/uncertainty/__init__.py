"""What would have been chosen, and what it would have given, on other images of the kind."""
