"""What Samband is tried and measured on: a town, a county, a second reading of the law, a bench."""
