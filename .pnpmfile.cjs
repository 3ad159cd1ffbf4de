/**
 * Removes the export condition `source` from packed manifests. Tarballs contain no sources, so a bundler that
 * uses this condition would not find the files.
 */
function beforePacking(manifest) {
  for (const entry of Object.values(manifest.exports)) delete entry.source;
  return manifest;
}

module.exports = { hooks: { beforePacking } };
