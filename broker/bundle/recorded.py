"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "c16ff636240d4a74ce0d2b0804fd867993a43ec7f40e05939b0267b89e85daff"
