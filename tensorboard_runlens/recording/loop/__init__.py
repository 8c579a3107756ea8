"""What ``Recorder`` makes of the calls of a training loop, an epoch at a time."""
