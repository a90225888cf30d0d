"""JupyterLab as `make lab` starts it: messages of widgets leave at once.

The server's websocket waits up to 45 ms before it sends a small message after another one, which a click on a widget
that asks the kernel always does. Everything works without this file, a little later.
"""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from traitlets.config import get_config


class PromptConnection(ZMQChannelsWebsocketConnection):
    """The usual connection between page and kernel, on a socket that does not gather small messages."""

    def connect(self) -> Any:
        """Connect, and send what there is from then on."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()


get_config().ServerApp.kernel_websocket_connection_class = PromptConnection
