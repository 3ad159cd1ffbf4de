// @ts-check
// Writes the tables and charts of docs/performance.md from the figures of the benchmarks. Usage:
// `node test/bench/report.js`. Draws the charts with Apache ECharts, which is installed on demand because it is large.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { summary } from './compare.js';
import { readFigures } from './figures.js';

const root = new URL('../../', import.meta.url);
const all = readFigures();
/** @param {import('./figures.js').Figures} figures */
const major = ({ node }) => Number.parseInt(node.slice(1), 10);

/**
 * Returns one ratio for each repetition: the CPU time of the baseline divided by the CPU time of the variant.
 * Above 1, the variant is faster.
 *
 * @param {import('./figures.js').Figures} figures
 * @param {string} workload
 * @param {readonly [variant: string, baseline: string]} ratio
 */
function ratios({ measured }, workload, [variant, baseline]) {
  return (measured[workload] ?? []).map((slots) => {
    const cpu = (/** @type {string} */ name) => slots.find((slot) => slot.variant === name)?.cpu ?? 0;
    return cpu(baseline) / cpu(variant);
  });
}

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/**
 * Returns a Markdown table of one comparison. Figures differ in three dimensions: the workload, the ratio and
 * the version of Node. The selection fixes one dimension, and the other two become the rows and the columns.
 *
 * @param {string} name the name of the comparison
 * @param {string} selection a workload such as `16 connections`, a ratio such as `ours / none`, or `Node 24`
 */
function table(name, selection) {
  const versions = all.filter((figures) => figures.name === name).sort((a, b) => major(a) - major(b));
  const [first] = versions;
  if (!first) throw new Error(`There are no figures of "${name}": run npm run bench.`);
  const workloads = Object.keys(first.measured);
  const nodes = versions.map((figures) => `Node ${major(figures)}`);
  const pairs = first.ratios.map((ratio) => ratio.join(' / '));
  const figure = (/** @type {string[]} */ keys) => {
    const figures = versions[nodes.findIndex((node) => keys.includes(node))];
    const workload = workloads.find((workload) => keys.includes(workload));
    const ratio = first.ratios[pairs.findIndex((pair) => keys.includes(pair))];
    if (!figures || !workload || !ratio) throw new Error(`"${name}" has no ${keys.join(', ')}.`);
    return summary(ratios(figures, workload, ratio));
  };
  const [rows = [], columns = []] = [workloads, pairs, nodes].filter((keys) => !keys.includes(selection));
  return [
    ['', ...columns],
    ['---', ...columns.map(() => '---')],
    ...rows.map((row) => [row, ...columns.map((column) => figure([selection, row, column]))]),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

const file = new URL('docs/performance.md', root);
const page = readFileSync(file, 'utf8').replace(
  /(<!-- figures: ([\w-]+): (.+?) -->\n).*?(<!-- \/figures -->)/gs,
  (_match, opening, name, selection, closing) => `${opening}\n${table(name, selection)}\n\n${closing}`,
);
writeFileSync(file, page);

const cache = new URL('node_modules/.cache/charts/', root);
mkdirSync(cache, { recursive: true });
execFileSync('npm', ['install', '--silent', '--no-save', '--prefix', fileURLToPath(cache), 'echarts@6.1.0']);
const echarts = createRequire(new URL('package.json', cache))('echarts');

const THEMES = {
  light: { text: '#1f2328', line: '#d1d9e0', bars: ['#a5c8f2', '#5b9bd5', '#2f6fb3', '#123f73'] },
  dark: { text: '#e6edf3', line: '#3d444d', bars: ['#cfe3fb', '#8fbdf0', '#4f93dd', '#2b6cb8'] },
};

/** The bars of the chart, from top to bottom. @type {[label: string, name: string, workload: string, ratio: [string, string]][]} */
const BARS = [
  ['page of 2 KB', 'inject', 'send 2 KB', ['ours', 'none']],
  ['page of 20 KB', 'inject', 'send 20 KB', ['ours', 'none']],
  ['page of 200 KB', 'inject', 'send 200 KB', ['ours', 'none']],
  ['200 KB, streamed', 'inject', 'stream 200 KB', ['ours', 'none']],
  ['304 for 20 KB', 'inject', '304 for 20 KB', ['ours', 'none']],
  ['JSON', 'inject', 'JSON, Accept: application/json', ['ours', 'none']],
  ['Express endpoint', 'endpoint', '16 connections', ['Express, ours', 'Express by hand']],
  ['Koa endpoint', 'endpoint', '16 connections', ['Koa, ours', 'Koa by hand']],
  ['Next.js endpoint', 'endpoint', '16 connections', ['Next, ours', 'Next by hand']],
];

for (const [theme, { text, line, bars }] of Object.entries(THEMES)) {
  const versions = [...new Set(all.map(major))].sort((a, b) => a - b);
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 760, height: 620 });
  chart.setOption({
    animation: false,
    backgroundColor: 'transparent',
    color: bars,
    textStyle: { color: text, fontFamily: 'system-ui, sans-serif' },
    title: {
      text: 'Speed with the packages, relative to the same app without them',
      subtext:
        'Server CPU time; the endpoints against a handler written by hand. 1: equally fast. Longer is faster.',
      textStyle: { color: text, fontSize: 15 },
      subtextStyle: { color: text, fontSize: 12 },
    },
    legend: { bottom: 0, textStyle: { color: text } },
    grid: { left: 130, right: 40, top: 70, bottom: 60 },
    xAxis: {
      type: 'value',
      min: 0,
      interval: 0.25,
      axisLabel: { color: text },
      splitLine: { lineStyle: { color: line } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: BARS.map(([label]) => label),
      axisLabel: { color: text },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: line } },
    },
    series: versions.map((version, index) => ({
      name: `Node ${version}`,
      type: 'bar',
      data: BARS.map(([, name, workload, ratio]) => {
        const figures = all.find((each) => each.name === name && major(each) === version);
        return figures ? Number(median(ratios(figures, workload, ratio)).toFixed(2)) : null;
      }),
      ...(index === 0 && {
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: text, type: 'dashed' },
          data: [{ xAxis: 1 }],
        },
      }),
    })),
  });
  writeFileSync(new URL(`docs/performance-${theme}.svg`, root), `${chart.renderToSVGString()}\n`);
  chart.dispose();
}
process.exit(); // a timer of ECharts would prevent the process from exiting
