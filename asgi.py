"""The served entry: app.py under an ASGI server, run once before the first visitor, with security headers.

Start it with ``streamlit run asgi.py`` or ``uvicorn asgi:app``. The warm-up run loads the registry and the libraries, and it
lets ``st.navigation`` declare the pages: without it the first visitor of a fresh server who opens a deep link would be
told that the page does not exist (docs/architecture.md).
"""

from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.testing.v1 import AppTest

SCRIPT = Path(__file__).with_name("app.py")
WARM_UP_SECONDS = 60
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; worker-src 'self' blob:; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
"""Nothing is loaded from another host; scripts are the framework's own, which needs inline code and evaluation."""


class SecurityHeaders:
    """Adds the headers to every HTTP response."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress the response."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, dressed if scope["type"] == "http" else send)


def warm_up() -> None:
    """Run the script once; it loads everything and takes it out of the collector's sight.

    This has to be done while the module is imported: the test runner that runs the script replaces the server's runtime.
    """
    AppTest.from_file(str(SCRIPT), default_timeout=WARM_UP_SECONDS).run()


warm_up()
app = st.App(SCRIPT, middleware=[Middleware(SecurityHeaders)])
