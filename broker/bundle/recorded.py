"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "b9b914845d80ba61914ab488b83a79c846ebd00b6101a929506ed4e30f445d3b"
