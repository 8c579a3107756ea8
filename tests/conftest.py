"""Settings of the whole suite."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "runlens",
    deadline=None,  # the first example also pays for imports
    database=None,  # a test run leaves nothing in the checkout
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("runlens")
