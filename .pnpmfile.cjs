/** Tarballs hold no sources, so their manifests must not name any: bundlers may know the `source` condition. */
function beforePacking(manifest) {
  for (const entry of Object.values(manifest.exports)) delete entry.source;
  return manifest;
}

module.exports = { hooks: { beforePacking } };
