"""Judgement: needs and weights in, a ranking with its reasons out. No drawing, no words, no network."""
