"""The digest of manifest.json, recorded when the bundle was built: generated, do not edit."""

MANIFEST = "3e837ff74377171934b3cbc31be8fba2b513c759df60453b314fbc6ea0b0efad"
