"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "64bf564e6d60cd9d176f69e11e58f27a146d53b2810e02aa7b3478c1ff09729b"
