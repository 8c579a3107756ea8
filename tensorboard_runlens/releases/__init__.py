"""Which releases of a framework can have written a run, and what follows from that."""
