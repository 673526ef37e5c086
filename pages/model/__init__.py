"""What exactly one of them is."""
