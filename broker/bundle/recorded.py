"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "e29393f1abe7f4983c20f5005af84bc21a91f61afa8bcb9ad9033e1dd86f4b2a"
