// Reads a JSON report of vitest. Prints the counts of passed and failed tests on one line, and then each
// failure. A skipped test is a failure, because no suite has a test that may be skipped.
import { readFileSync } from 'node:fs';

const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const failures = [];
let passed = 0;
let failed = 0;
for (const { name, status, message, assertionResults } of testResults) {
  const unsuccessful = assertionResults.filter((test) => test.status !== 'passed');
  passed += assertionResults.length - unsuccessful.length;
  failed += unsuccessful.length;
  const errors = unsuccessful.filter((test) => test.failureMessages?.length);
  // If a file could not be loaded or a hook failed, its tests are reported as skipped, without a reason.
  if (status === 'failed' && errors.length === 0) {
    failures.push(`${name}\n${message}`);
    if (unsuccessful.length === 0) failed++;
  }
  for (const test of unsuccessful) {
    if (test.failureMessages?.length)
      failures.push(`${name}: ${test.fullName}\n${test.failureMessages.join('\n')}`);
    else if (status !== 'failed' || errors.length > 0)
      failures.push(`${name}: ${test.fullName}\nThe test was skipped.`);
  }
}
console.log(passed, failed);
for (const failure of failures) console.log(failure);
