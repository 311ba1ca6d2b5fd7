"""What the people served say: answers in, indices out."""
