module.exports = { preset: 'ts-jest', roots: ['src'] };
