"""The outbox: the only place that sends."""
