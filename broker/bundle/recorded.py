"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "c26d20a49e8a4dca4430ebfec2fd7079bf99523e37e46ef3b8f05354f739021e"
