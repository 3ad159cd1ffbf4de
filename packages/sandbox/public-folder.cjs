// CommonJS, because the ESM and the CommonJS build both load this file, and the latter has no `import.meta`.
const { join } = require('node:path');

module.exports = join(__dirname, 'public/');
