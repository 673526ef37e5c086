"""Whether it can be trusted."""
