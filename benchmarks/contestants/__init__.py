"""What is compared, one contestant a file."""
