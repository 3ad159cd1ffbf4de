// @ts-check
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, cpus } from 'node:os';
import { connect } from './load.js';

/**
 * What is asked of every variant.
 *
 * @typedef {{ name: string, path: string, headers?: Record<string, string>, connections?: number }} Workload
 */

const CONNECTIONS = 8;

/**
 * Compares variants of a server, each in a process of its own, in one run: in every round each of them is given
 * the same work for the same time, in another order. Only the ratios within a round are looked at, so that
 * whatever else the machine does falls on all of them. Prints tables of the ratios' medians and inter-quartile
 * ranges. `--quick` for a first look.
 *
 * @param {object} comparison
 * @param {string} comparison.title
 * @param {URL} comparison.server the program that serves a variant: it is given its name, and sends its port
 * @param {readonly Workload[]} comparison.workloads
 * @param {readonly (readonly [variant: string, baseline: string])[]} comparison.ratios what is set against what
 * @param {(variant: string, workload: Workload, answer: Response, body: string) => void} comparison.check throws when an answer is not what is to be measured
 * @param {readonly string[]} comparison.versions what else the reader should know
 */
export async function compare({ title, server, workloads, ratios, check, versions }) {
  const quick = process.argv.includes('--quick');
  const rounds = quick ? 3 : 7;
  const milliseconds = quick ? 200 : 400;
  const names = [...new Set(ratios.flat())];
  const variants = await Promise.all(names.map((name) => start(server, name)));
  const began = performance.now();

  try {
    for (const { name, port } of variants) {
      for (const workload of workloads) {
        const answer = await fetch(`http://127.0.0.1:${port}${workload.path}`, {
          headers: headersOf(workload),
        });
        check(name, workload, answer, await answer.text());
        const clients = await connect(port, CONNECTIONS);
        await clients.ask(workload.path, { milliseconds: 400, headers: headersOf(workload) });
        clients.close();
      }
    }

    /** @type {Map<string, Measure[][]>} */
    const measured = new Map(workloads.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const workload of workloads) {
        /** @type {Measure[]} */
        const slots = [];
        for (const variant of shuffled(variants)) {
          const clients = await connect(variant.port, workload.connections ?? CONNECTIONS);
          // A process that has waited for its turn is slow at first, each variant in its own measure.
          await clients.ask(workload.path, { milliseconds: milliseconds / 4, headers: headersOf(workload) });
          const before = await variant.cpu();
          const from = performance.now();
          const requests = await clients.ask(workload.path, { milliseconds, headers: headersOf(workload) });
          const seconds = (performance.now() - from) / 1000;
          const cpu = ((await variant.cpu()) - before) / requests;
          clients.close();
          slots.push({ variant: variant.name, cpu, perSecond: requests / seconds });
        }
        measured.get(workload.name)?.push(slots);
      }
    }

    console.log(`\n${title}`);
    console.log(machine(versions));
    console.log(
      `${rounds} rounds of ${milliseconds} ms, ${Math.round((performance.now() - began) / 1000)} s`,
    );
    print(
      'CPU time of the server for a request: baseline / variant (1.00 = as fast, 0.50 = twice as dear)',
      (slot) => 1 / slot.cpu,
    );
    print('Requests per second: variant / baseline', (slot) => slot.perSecond);

    /**
     * @param {string} caption
     * @param {(slot: Measure) => number} speed
     */
    function print(caption, speed) {
      console.log(`\n${caption}`);
      const rows = workloads.map(({ name }) => [
        name,
        ...ratios.map(([variant, baseline]) =>
          summary(
            (measured.get(name) ?? []).map((slots) => {
              const of = (/** @type {string} */ name) =>
                speed(/** @type {Measure} */ (slots.find((slot) => slot.variant === name)));
              return of(variant) / of(baseline);
            }),
          ),
        ),
      ]);
      printTable([['', ...ratios.map(([variant, baseline]) => `${variant} / ${baseline}`)], ...rows]);
    }
    const absolute = workloads.map(({ name }) => [
      name,
      ...names.map((variant) =>
        Math.round(
          quantile(
            (measured.get(name) ?? []).map(
              (slots) => slots.find((slot) => slot.variant === variant)?.cpu ?? 0,
            ),
            0.5,
          ),
        ).toString(),
      ),
    ]);
    console.log(
      '\nCPU time of the server for a request, microseconds (median; not to be compared between runs)',
    );
    printTable([['', ...names], ...absolute]);
  } finally {
    for (const { stop } of variants) stop();
  }
}

/** @typedef {{ variant: string, cpu: number, perSecond: number }} Measure */

/**
 * @param {URL} server
 * @param {string} name
 */
export async function start(server, name) {
  const child = fork(server, [name], { env: { ...process.env, NODE_ENV: 'production' } });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`The server of "${name}" did not start.`);
  });
  const [port] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => {});
  return {
    name,
    port: /** @type {number} */ (port),
    /** The CPU time that it has taken so far, in microseconds. */
    async cpu() {
      child.send('cpu');
      const [{ userCPUTime, systemCPUTime }] = await once(child, 'message');
      return userCPUTime + systemCPUTime;
    },
    /** The most memory that it has ever had, in bytes. */
    async memory() {
      child.send('memory');
      const [{ maxRSS }] = await once(child, 'message');
      return maxRSS * 1024;
    },
    stop: () => child.kill(),
  };
}

/**
 * Serves one variant: sends the port, and what it has used whenever it is asked.
 *
 * @param {import('node:http').Server} server
 */
export function serve(server) {
  server.listen(0, '127.0.0.1', () => {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    process.send?.(port);
  });
  process.on('message', () => process.send?.(process.resourceUsage()));
  process.on('disconnect', () => process.exit());
}

/**
 * What the figures are true of.
 *
 * @param {readonly string[]} versions
 */
export function machine(versions) {
  return [
    `Node ${process.version}`,
    ...versions,
    cpus()[0]?.model.trim(),
    `${availableParallelism()} cores`,
  ].join(', ');
}

/** @param {Workload} workload */
function headersOf({ headers = {} }) {
  return { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'user-agent': 'bench', ...headers };
}

/** @param {number[]} values */
export function summary(values) {
  const [low, median, high] = [0.25, 0.5, 0.75].map((part) => quantile(values, part).toFixed(2));
  return `${median} [${low}-${high}]`;
}

/**
 * @param {number[]} values
 * @param {number} part
 */
function quantile(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** @param {string[][]} rows */
export function printTable(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

/**
 * @template T
 * @param {readonly T[]} items
 */
export function shuffled(items) {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
