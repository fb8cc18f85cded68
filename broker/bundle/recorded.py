"""The digest of manifest.json, recorded when the bundle was built: generated, do not edit."""

MANIFEST = "674e6cb268a54a07ec28bf39a9ff641d652afc18b64af60ef8c6753904147b58"
