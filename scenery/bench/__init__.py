"""How fast it goes: `samband bench` runs the ways of forwarding side by side on one Kafka."""
