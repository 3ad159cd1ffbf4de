// This file is CommonJS so that both builds can load it. The CommonJS build has no `import.meta`.
const { join } = require('node:path');

module.exports = join(__dirname, 'public/');
