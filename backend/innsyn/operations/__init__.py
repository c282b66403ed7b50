"""What whoever runs an installation sees of it: metrics, traces, readiness and a page, and never what a record says."""
