"""The page that answers: Which one, and why?"""
