"""What the pictures of a run show: their titles, which of them belong together, what to know, and what is missing.

File names and the run's own numbers tell it; no picture is opened for it.
"""
