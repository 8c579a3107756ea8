"""Looking through the logdirs again: one scan at a time, in a thread of its own, no more often than anybody needs."""

from __future__ import annotations

import logging
import threading
import time
from typing import Optional

from tensorboard_runlens.catalog import Catalog

FRESH_S = 2.0
"""A scan younger than this answers the next request too: several tabs and routes ask together."""

logger = logging.getLogger(__name__)


class Scanning:
    """Refreshes ``catalog`` when it is asked for a scan and none has just ended."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._lock = threading.Lock()
        self._scan: Optional[threading.Thread] = None
        self._ended = -FRESH_S

    def going_on(self) -> Optional[threading.Thread]:
        """The scan that goes on, a new one unless one has just ended; does not wait for it."""
        with self._lock:
            if self._scan is None and time.monotonic() - self._ended > FRESH_S:
                self._scan = threading.Thread(target=self._run, name="runlens-scan", daemon=True)
                self._scan.start()
            return self._scan

    def wait(self, seconds: Optional[float]) -> None:
        """Waits for the scan that goes on as long as told, None: to its end."""
        scan = self.going_on()
        if scan is not None:
            scan.join(seconds)

    def _run(self) -> None:
        try:
            self._catalog.refresh()
        except Exception:  # the next request tries again; what was read before stays
            logger.exception("RunLens could not finish looking through the logdir")
        finally:
            with self._lock:
                self._scan = None
                self._ended = time.monotonic()
