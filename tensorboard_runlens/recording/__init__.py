"""What runs inside a training script: it writes RUN/runlens/ (docs/recorded_data.md) and costs the training nothing.

Only numpy and the standard library are imported here; a framework is already there when it calls.
"""
