"""How long a generated example may take: a busy machine must not fail a test."""

from hypothesis import settings

settings.register_profile("steady", deadline=None, max_examples=60)
settings.load_profile("steady")
