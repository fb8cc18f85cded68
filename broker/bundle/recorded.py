"""The digest of manifest.json, recorded when the bundle was built: generated, do not edit."""

MANIFEST = "68790b0293ecab457110292e1a986cd461ff0ebed8e3a17734747c4c1c145447"
