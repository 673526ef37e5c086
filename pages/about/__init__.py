"""The page that answers: Can I trust it?"""
