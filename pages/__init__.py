"""What visitors see. Only folders here: a script directly in this folder would break deep links (docs/architecture.md)."""
