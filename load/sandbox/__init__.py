"""An Intercom on your own desk: same API, real state."""
