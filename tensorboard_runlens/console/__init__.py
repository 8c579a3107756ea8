"""What a training prints, understood line by line."""
