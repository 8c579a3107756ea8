"""What the files in a run's folder tell of its threshold."""
