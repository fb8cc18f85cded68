"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "b2d17bd1a8090e3574d02dd7a1a9e2b31863fa4f9f3b45d7d236d422a2c70bc1"
