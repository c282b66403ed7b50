"""The Flask application as uvicorn takes it."""

import asyncio
import contextvars

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope
from asgiref.wsgi import WsgiToAsgi
from flask import Flask


def asgi(app: Flask) -> ASGI3Application:
    """Each request in its own context.

    uvicorn starts the next request of a kept-alive connection while the one before is being sent, and lets
    it inherit the context in which asgiref has noted the thread it works on. When that request is done, the
    thread is gone, and the next one would fail with "CurrentThreadExecutor already quit".
    """
    wrapped = WsgiToAsgi(app)  # type: ignore[no-untyped-call]  # asgiref types its interfaces, not this

    async def apart(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        request = wrapped(scope, receive, send)
        await asyncio.create_task(request, context=contextvars.Context())

    return apart
