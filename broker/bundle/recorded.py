"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "50362b60fe5b3866af0d8f474eec2b006f31274f6e1db117975c51c1e44b473a"
