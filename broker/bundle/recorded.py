"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "f57db78a070c4d2ea6db2d08ba45a6aa17299e1791e392d1a902df04409e542c"
