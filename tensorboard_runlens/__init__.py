"""A TensorBoard tab, a command and a recorder that diagnose object-detection training runs."""

__version__ = "0.1.0"
