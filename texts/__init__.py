"""Words: one catalogue a language, long prose beside it, numbers as people read them."""
