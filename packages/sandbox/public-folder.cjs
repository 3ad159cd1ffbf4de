// CommonJS, because both builds load it, and only CommonJS knows its folder without `import.meta`.
const { join } = require('node:path');

module.exports = join(__dirname, 'public/');
