"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "da8ed587e8b014e7e718f72fc28d049dc632dfe713400c8ba4ac7d492e41245e"
