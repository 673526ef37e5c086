"""What one may do under each licence."""
