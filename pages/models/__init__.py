"""What is out there."""
