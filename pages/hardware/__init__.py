"""Hardware: what a model takes, and which devices hold it."""
