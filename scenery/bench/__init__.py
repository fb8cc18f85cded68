"""How fast it goes, and beside what: `samband bench` runs the ways of forwarding side by side on one Kafka."""
