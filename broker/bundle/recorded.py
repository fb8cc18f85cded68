"""The digest of manifest.json, recorded when the bundle was built: generated, do not edit."""

MANIFEST = "39dc8bb1e46991e83720529c6b77bc05f35c1568ef78aadaf4a23270cecf861a"
