"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "a2dc9362e493b68e70a0903a2ebee9db103e2671921f6870ebb6989c85095e9d"
