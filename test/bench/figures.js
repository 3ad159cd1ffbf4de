// @ts-check
// Writes and reads the raw figures of the benchmarks as JSON. Each file contains one comparison, measured
// with one version of Node.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

const folder = new URL('figures/', import.meta.url);

/**
 * @typedef {object} Figures
 * @property {string} name
 * @property {string} title
 * @property {string} node such as `v24.1.0`
 * @property {string} machine
 * @property {string} date such as `2026-11-26`
 * @property {readonly string[]} versions
 * @property {number} repetitions
 * @property {readonly (readonly [variant: string, baseline: string])[]} ratios
 * @property {Record<string, { variant: string, cpu: number, perSecond: number }[][]>} measured by workload: for each
 *   repetition the CPU microseconds per request and the requests per second of each variant
 */

/** @param {Omit<Figures, 'node' | 'machine' | 'date'>} figures */
export function writeFigures(figures) {
  const [major] = process.versions.node.split('.');
  mkdirSync(folder, { recursive: true });
  const all = {
    ...figures,
    node: process.version,
    machine: `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores`,
    date: new Date().toISOString().slice(0, 10),
  };
  const text = JSON.stringify(all, (_key, value) =>
    typeof value === 'number' ? Number(value.toPrecision(4)) : value,
  );
  writeFileSync(new URL(`${figures.name}-node${major}.json`, folder), `${text}\n`);
}

/** @returns {Figures[]} */
export function readFigures() {
  return readdirSync(folder)
    .sort()
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
}
