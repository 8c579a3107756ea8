"""Where an objective is best: exactly, as the framework has it, and as RunLens estimates it."""
