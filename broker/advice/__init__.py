"""What may be asked for, and what would let an item go."""
