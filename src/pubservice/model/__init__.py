"""What a service is: frozen classes, no algorithms, no files."""
