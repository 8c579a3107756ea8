"""Others' files as plain data: YAML, JSON, pickles and zips read without building or running anything."""
