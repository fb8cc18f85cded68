"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "8bb9603744e2437f14f0428bdbc46c29a74b5741451ac738603a57c20c6f480a"
