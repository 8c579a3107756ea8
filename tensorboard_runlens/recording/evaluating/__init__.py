"""``runlens evaluate``: best.pt validated again through Ultralytics, and recorded as a training's end is."""
