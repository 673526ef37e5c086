"""Benchmarks: times measured and printed, never tests."""
