// @ts-check
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, cpus } from 'node:os';
import { writeFigures } from './figures.js';
import { connect } from './load.js';

/**
 * One kind of request. With `revalidate`, each request to a variant sends the ETag of that
 * variant's first response.
 *
 * @typedef {{ name: string, path: string, headers?: Record<string, string>, connections?: number, revalidate?: boolean }} Workload
 */

const CONNECTIONS = 8;

/**
 * Compares variants of a server. Each variant runs in a separate process. In every round, the variants are
 * measured one after the other, in random order, with the same requests for the same time. Of all rounds,
 * only the fastest of each variant counts, because other load on the machine can only make a round slower.
 * Everything is repeated with new processes, because two processes of the same program may differ in what V8
 * optimises. Prints the medians and quartiles of the ratios of all repetitions, and writes all figures to a
 * file ({@link writeFigures}). `--quick` measures only once and writes no file.
 *
 * @param {object} comparison
 * @param {string} comparison.name the name of the file for the figures
 * @param {string} comparison.title
 * @param {URL} comparison.server the program that serves one variant: it receives the variant's name as an
 *   argument, and sends its port to this process
 * @param {readonly Workload[]} comparison.workloads
 * @param {readonly (readonly [variant: string, baseline: string])[]} comparison.ratios the pairs to compare
 * @param {(variant: string, workload: Workload, answer: Response, body: string) => void} comparison.check throws if a response is not the expected one
 * @param {readonly string[]} comparison.versions
 */
export async function compare({ name: id, title, server, workloads, ratios, check, versions }) {
  const quick = process.argv.includes('--quick');
  const repetitions = quick ? 1 : 4;
  const rounds = 10;
  const milliseconds = 50;
  const names = [...new Set(ratios.flat())];
  const began = performance.now();
  /** @type {Map<string, Measure[][]>} */
  const measured = new Map(workloads.map(({ name }) => [name, []]));

  for (let repetition = 0; repetition < repetitions; repetition++) {
    const variants = await Promise.all(names.map((name) => start(server, name)));
    try {
      for (const workload of workloads) {
        const loaded = await Promise.all(
          variants.map(async (variant) => {
            const headers = await requestHeaders(variant, workload, check);
            const clients = await connect(variant.port, workload.connections ?? CONNECTIONS);
            const ask = (/** @type {number} */ milliseconds) =>
              clients.ask(workload.path, { milliseconds, headers });
            return { ...variant, ask, close: clients.close };
          }),
        );
        // V8 optimises the code of a new process only after thousands of requests.
        for (const { ask } of loaded) await ask(workload === workloads[0] ? 2_000 : 500);
        const fastest = names.map((variant) => ({ variant, cpu: Number.POSITIVE_INFINITY, perSecond: 0 }));
        for (let round = 0; round < rounds; round++) {
          for (const { name, ask, cpu } of shuffled(loaded)) {
            // After a pause, every process is slow at first, but some variants more than others.
            await ask(milliseconds / 3);
            const before = await cpu();
            const from = performance.now();
            const requests = await ask(milliseconds);
            const seconds = (performance.now() - from) / 1000;
            const used = ((await cpu()) - before) / requests;
            const best = /** @type {Measure} */ (fastest.find(({ variant }) => variant === name));
            best.cpu = Math.min(best.cpu, used);
            best.perSecond = Math.max(best.perSecond, requests / seconds);
          }
        }
        measured.get(workload.name)?.push(fastest);
        for (const { close } of loaded) close();
      }
    } finally {
      for (const { stop } of variants) stop();
    }
  }

  console.log(`\n${title}`);
  console.log(machine(versions));
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(
    `${repetitions} repetitions, the fastest of ${rounds} rounds of ${milliseconds} ms in each, ${seconds} s`,
  );
  print(
    'Server CPU time per request: baseline / variant (1.00 = equally fast, 0.50 = the variant takes twice as long)',
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
          (measured.get(name) ?? []).map((slots) => slots.find((slot) => slot.variant === variant)?.cpu ?? 0),
          0.5,
        ),
      ).toString(),
    ),
  ]);
  console.log('\nServer CPU time per request, in microseconds (median; do not compare between runs)');
  printTable([['', ...names], ...absolute]);
  if (!quick)
    writeFigures({
      name: id,
      title,
      versions,
      repetitions,
      ratios,
      measured: Object.fromEntries(measured),
    });
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
    /** Returns the CPU time since the start, in microseconds. */
    async cpu() {
      child.send('cpu');
      const [{ userCPUTime, systemCPUTime }] = await once(child, 'message');
      return userCPUTime + systemCPUTime;
    },
    /** Returns the largest resident set size since the start, in bytes. */
    async memory() {
      child.send('memory');
      const [{ maxRSS }] = await once(child, 'message');
      return maxRSS * 1024;
    },
    stop: () => child.kill(),
  };
}

/**
 * Starts the server of one variant. Sends the port to the parent process, and replies to each message with the resource
 * usage.
 *
 * @param {import('node:http').Server} server
 */
export function serve(server) {
  server.keepAliveTimeout = 0; // while other variants are measured, connections must stay open
  server.listen(0, '127.0.0.1', () => {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    process.send?.(port);
  });
  process.on('message', () => process.send?.(process.resourceUsage()));
  process.on('disconnect', () => process.exit());
}

/**
 * Describes the machine and the versions with which the figures were measured.
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

/**
 * Returns the headers for the requests of a workload, after checking the response to such a request.
 *
 * @param {{ name: string, port: number }} variant
 * @param {Workload} workload
 * @param {(variant: string, workload: Workload, answer: Response, body: string) => void} check
 */
async function requestHeaders({ name, port }, workload, check) {
  const url = `http://127.0.0.1:${port}${workload.path}`;
  /** @type {Record<string, string>} */
  const headers = {
    accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
    'user-agent': 'bench',
    ...workload.headers,
  };
  let answer = await fetch(url, { headers });
  if (workload.revalidate) {
    headers['if-none-match'] = String(answer.headers.get('etag'));
    // Without this header, fetch sends `Cache-Control: no-cache`, and Express then responds with 200.
    headers['cache-control'] = 'max-age=0';
    await answer.text();
    answer = await fetch(url, { headers });
  }
  check(name, workload, answer, await answer.text());
  return headers;
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
