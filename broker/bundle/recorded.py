"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "5ceecad5582bcab9e9aea159645031c171443918f05505dd7d11081a813d05fc"
