"""Tokenizers: what a text costs, measured."""
