"""What the learned policy knows and how it reasons: difficulty, curves, beliefs, plans, gates and memory."""
