"""Traces of OpenTelemetry, sent where OTEL_EXPORTER_OTLP_ENDPOINT says; without it, nothing is imported and none made.

A span tells the name of what went on and how long it took (innsyn.spans). Nothing is taken over from a request: a
browser says neither what belongs together nor what is sampled.
"""

import os
from collections.abc import Mapping
from typing import Any

from innsyn import spans

_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


def trace(process: str, environment: Mapping[str, str] = os.environ) -> None:
    """Send the spans of this process (`web`, `worker`, `relay`), if an address for them is set."""
    if not environment.get(_ENDPOINT):
        return
    # A quarter of a second that nobody else has to wait for.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    send_to(process, BatchSpanProcessor(OTLPSpanExporter()))


def send_to(process: str, processor: Any) -> Any:  # noqa: ANN401 - imported only where it is used
    """Let this processor have the spans; returns what ends it (`shutdown`)."""
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415

    # Not Resource.create: it adds what the environment says, and the command line is among that.
    provider = TracerProvider(resource=Resource({"service.name": f"innsyn-{process}"}))
    provider.add_span_processor(processor)
    spans.give(provider.get_tracer("innsyn"))
    return provider
