"""For developers: nothing here is needed to run the app."""
