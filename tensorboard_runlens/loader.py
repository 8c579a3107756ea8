"""What TensorBoard imports at start: nothing that can fail. An exception here would end TensorBoard for everybody."""

from __future__ import annotations

import logging
from typing import Optional

from tensorboard.plugins import base_plugin


class RunLensLoader(base_plugin.TBLoader):  # type: ignore[misc]
    """Loads the plugin, or says in TensorBoard's log why the tab is missing."""

    def load(self, context: base_plugin.TBContext) -> Optional[base_plugin.TBPlugin]:
        """The plugin, None where it cannot be loaded."""
        try:
            from tensorboard_runlens.plugin import RunLensPlugin

            return RunLensPlugin(context)
        except Exception:  # whatever is wrong with RunLens, TensorBoard goes on without it
            logging.getLogger(__name__).warning(
                "RunLens could not be loaded; its tab is missing", exc_info=True
            )
            return None
