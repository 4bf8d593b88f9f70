"""Export in, dataset out. Never opens a socket."""
