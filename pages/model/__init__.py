"""The page that answers: What exactly is this one?"""
