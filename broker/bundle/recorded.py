"""The digest of manifest.json, recorded when the bundle was built: generated, do not edit."""

MANIFEST = "fa0be2adae0bb05afa20b7be873f91072f7d87b976f24d984345083991b09564"
