"""What Samband is tried on: a town, a county, a second reading of the law; a bench to measure it."""
