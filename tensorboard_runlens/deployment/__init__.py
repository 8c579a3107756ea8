"""The confidence to deploy a run with, how sure that is, and what to take along: the answer and its texts."""
