"""The digest of manifest.json, recorded when the bundle was built: generated, do not edit."""

MANIFEST = "831f68bc3e68b8a41a01b44fa0ed104ffabd3e2d0ed56349dbbfbde737fd14ac"
