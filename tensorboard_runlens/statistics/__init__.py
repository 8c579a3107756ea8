"""Numbers in, numbers out: nothing here knows of runs, files or rules."""
