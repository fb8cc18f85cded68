"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "6f78bf0c9991925db8c383980d38caf6a3dc157612f08b00f0fc49e6d8aaa791"
