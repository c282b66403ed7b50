"""The outside world on one machine. Speaks the real protocols over loopback; the application never imports it."""
