"""Which one, and why."""
