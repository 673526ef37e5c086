"""The page that answers: What is out there?"""
