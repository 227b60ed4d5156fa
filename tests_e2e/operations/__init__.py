"""What operators rely on: metrics, logs, traces, settings, restarts, restoring, memory."""
