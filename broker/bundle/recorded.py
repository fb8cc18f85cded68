"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "950336874061a7fb4a329fa7c62c9529dc90061e6df0d0deb671c8ed6454681e"
