"""Guide: which kind of checkpoint to start from."""
