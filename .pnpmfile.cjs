/** Removes the `source` condition from packed manifests: tarballs contain no sources, and a bundler may use the condition. */
function beforePacking(manifest) {
  for (const entry of Object.values(manifest.exports)) delete entry.source;
  return manifest;
}

module.exports = { hooks: { beforePacking } };
