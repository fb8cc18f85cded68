"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "94f2a4d8b8062984ee6395e50d9c2274bfc9fe7045d467d715b1a249295d7572"
