"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "1f14217fb0e8d237a7d68c54a27d580f59e546272537789f9868161ad061cf21"
