"""Writes dashboard.json beside it: the panels as a list, and Grafana's form of them."""

import json
from pathlib import Path
from typing import Any

_SOURCE = {"type": "prometheus", "uid": "${prometheus}"}

_OF_ROUTES = "sum by (le, route) (rate(innsyn_request_seconds_bucket[5m]))"

# Title, unit, (query, legend)…
Panel = tuple[str, str, tuple[tuple[str, str], ...]]
ROWS: tuple[tuple[str, tuple[Panel, ...]], ...] = (
    (
        "Is everybody served?",
        (
            ("Ready", "short", (("min by (job) (innsyn_ready)", "{{job}}"),)),
            (
                "Answers by status",
                "reqps",
                (("sum by (status) (rate(innsyn_requests_total[5m]))", "{{status}}"),),
            ),
            (
                "Time to an answer",
                "s",
                tuple(
                    (
                        f"histogram_quantile({share}, sum by (le) (rate(innsyn_request_seconds_bucket[5m])))",
                        name,
                    )
                    for share, name in ((0.5, "half"), (0.95, "19 of 20"), (0.99, "99 of 100"))
                ),
            ),
            (
                "Slowest routes (99 of 100)",
                "s",
                (
                    (
                        f"topk(8, histogram_quantile(0.99, {_OF_ROUTES}))",
                        "{{route}}",
                    ),
                ),
            ),
            (
                "Open requests and streams",
                "short",
                (("sum(innsyn_requests_open)", "requests"), ("sum(innsyn_streams_open)", "streams")),
            ),
            (
                "Waiting for the database",
                "s",
                (
                    (
                        "histogram_quantile(0.99, sum by (le) (rate(innsyn_pool_wait_seconds_bucket[5m])))",
                        "99 of 100",
                    ),
                ),
            ),
            (
                "Connections",
                "short",
                (
                    ("sum by (state) (innsyn_pool_connections)", "{{state}}"),
                    ("sum(innsyn_pool_waiting)", "waiting"),
                ),
            ),
            (
                "Turned away, and errors of PostgreSQL",
                "reqps",
                (
                    ("sum(rate(innsyn_busy_total[5m]))", "turned away"),
                    ("sum(rate(innsyn_database_errors_total[5m]))", "errors"),
                ),
            ),
        ),
    ),
    (
        "Is what they see up to date?",
        (
            ("Unread for", "s", (("max by (part) (innsyn_feed_lag_seconds)", "part {{part}}"),)),
            ("Unread", "short", (("max by (part) (innsyn_feed_lag_entries)", "part {{part}}"),)),
            (
                "Since the position moved",
                "s",
                (("min by (part) (innsyn_feed_moved_seconds)", "part {{part}}"),),
            ),
            (
                "Entries taken in",
                "ops",
                (("sum by (outcome) (rate(innsyn_intake_entries_total[5m]))", "{{outcome}}"),),
            ),
            (
                "Time of a batch",
                "s",
                (
                    (
                        "histogram_quantile(0.99, sum by (le) (rate(innsyn_intake_batch_seconds_bucket[5m])))",
                        "99 of 100",
                    ),
                ),
            ),
            ("Feed begun anew", "ops", (("sum(rate(innsyn_feed_failures_total[5m]))", "times"),)),
            (
                "Services that are delayed",
                "short",
                (("max(innsyn_sources_delayed)", "services"),),
            ),
            (
                "The longest delay",
                "s",
                (("max(innsyn_source_delayed_longest_seconds)", "since"),),
            ),
        ),
    ),
    (
        "Is anything missing?",
        (
            (
                "Quarantine by reason",
                "short",
                (("max by (reason) (innsyn_quarantine_entries)", "{{reason}}"),),
            ),
            ("Quarantine", "short", (("max(innsyn_quarantine_size)", "entries"),)),
            (
                "Tried again",
                "ops",
                (("sum by (outcome) (rate(innsyn_quarantine_tries_total[1h]))", "{{outcome}}"),),
            ),
            (
                "Gaps",
                "short",
                (("max(innsyn_gaps_open)", "open"), ("max(innsyn_gap_oldest_seconds)", "seconds")),
            ),
            (
                "Repaired by comparing with the source",
                "ops",
                (("sum by (outcome) (rate(innsyn_reconcile_differences_total[1d]))", "{{outcome}}"),),
            ),
            (
                "Differences that the last comparison left",
                "short",
                (("max(innsyn_reconcile_left)", "versions"),),
            ),
            (
                "Not as the journal says",
                "short",
                (
                    (
                        "sum by (outcome) (increase(innsyn_reconcile_differences_total[1d]))",
                        "{{outcome}}",
                    ),
                    ("max(innsyn_reconcile_left)", "left"),
                ),
            ),
        ),
    ),
    (
        "Does what they write arrive?",
        (
            ("Outbox", "short", (("max by (state) (innsyn_outbox_entries)", "{{state}}"),)),
            ("The oldest", "s", (("max by (state) (innsyn_outbox_oldest_seconds)", "{{state}}"),)),
            (
                "Deliveries",
                "ops",
                (("sum by (outcome) (rate(innsyn_deliveries_total[5m]))", "{{outcome}}"),),
            ),
            (
                "Time of the journal's answer",
                "s",
                (
                    (
                        "histogram_quantile(0.99, sum by (le) (rate(innsyn_delivery_seconds_bucket[5m])))",
                        "99 of 100",
                    ),
                ),
            ),
        ),
    ),
    (
        "Do they hear of what is new?",
        (
            (
                "Push",
                "ops",
                (('sum by (outcome) (rate(innsyn_notices_total{way="push"}[5m]))', "{{outcome}}"),),
            ),
            (
                "E-mail",
                "ops",
                (('sum by (outcome) (rate(innsyn_notices_total{way="email"}[5m]))', "{{outcome}}"),),
            ),
            (
                "Text messages",
                "ops",
                (('sum by (outcome) (rate(innsyn_notices_total{way="sms"}[5m]))', "{{outcome}}"),),
            ),
        ),
    ),
    (
        "The processes",
        (
            (
                "Files scanned for viruses",
                "ops",
                (("sum by (outcome) (rate(innsyn_file_scans_total[5m]))", "{{outcome}}"),),
            ),
            ("Rows of the access log without a seal", "s", (("max(innsyn_seal_waits_seconds)", "oldest"),)),
            ("Memory", "bytes", (("innsyn_process_resident_memory_bytes", "{{job}} {{instance}}"),)),
            (
                "Processor",
                "percentunit",
                (("rate(innsyn_process_cpu_seconds_total[5m])", "{{job}} {{instance}}"),),
            ),
            ("Open files", "short", (("innsyn_process_open_fds", "{{job}} {{instance}}"),)),
        ),
    ),
)


def dashboard() -> dict[str, Any]:
    """As Grafana imports it."""
    panels: list[dict[str, Any]] = []
    top = 0
    for title, row in ROWS:
        panels.append(
            {
                "type": "row",
                "id": len(panels) + 1,
                "title": title,
                "collapsed": False,
                "panels": [],
                "gridPos": {"x": 0, "y": top, "w": 24, "h": 1},
            }
        )
        top += 1
        for place, panel in enumerate(row):
            panels.append(_panel(len(panels) + 1, panel, place % 4 * 6, top + place // 4 * 7))
        top += (len(row) + 3) // 4 * 7
    return {
        "uid": "innsyn",
        "title": "Innsyn",
        "tags": ["innsyn"],
        "timezone": "browser",
        "schemaVersion": 39,
        "version": 1,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {
            "list": [
                {"name": "prometheus", "label": "Prometheus", "type": "datasource", "query": "prometheus"}
            ]
        },
        "panels": panels,
    }


def _panel(number: int, panel: Panel, x: int, y: int) -> dict[str, Any]:
    title, unit, queries = panel
    return {
        "type": "timeseries",
        "id": number,
        "title": title,
        "datasource": _SOURCE,
        "gridPos": {"x": x, "y": y, "w": 6, "h": 7},
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
        "targets": [
            {"refId": chr(ord("A") + place), "datasource": _SOURCE, "expr": query, "legendFormat": legend}
            for place, (query, legend) in enumerate(queries)
        ],
    }


def text() -> str:
    """What stands in the file."""
    return json.dumps(dashboard(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("dashboard.json").write_text(text(), encoding="utf-8")
