import type { Figure } from './figure.ts';
import { CURVES, type Curve } from './growth-curves.ts';
import { valuesOf } from './performance-tables.ts';

type Panel = { title: string; grows: string; curve: Curve; scale: 'linear' | 'logarithmic' };

const PANELS: Panel[] = [
  { title: 'CPU time of a click', grows: 'links in the table', curve: CURVES.linksCpu, scale: 'logarithmic' },
  { title: 'CPU time of a click', grows: 'rules of a link', curve: CURVES.rulesCpu, scale: 'linear' },
  {
    title: 'CPU time of a batch of 10 clicks',
    grows: 'webhooks of each click',
    curve: CURVES.deliverCpu,
    scale: 'linear',
  },
  {
    title: 'Memory of deliver',
    grows: 'webhooks of each click',
    curve: CURVES.deliverMemory,
    scale: 'linear',
  },
];

const WIDTH = 960;
const PANEL = { width: 480, height: 270 };
/** The space of a panel around its curve. */
const MARGIN = { left: 44, right: 56, top: 70, bottom: 56 };
const PLOT = {
  width: PANEL.width - MARGIN.left - MARGIN.right,
  height: PANEL.height - MARGIN.top - MARGIN.bottom,
};

const STYLE = `
    .background { fill: #ffffff; }
    .axis { stroke: #d1d9e0; }
    .curve { stroke: #1d4ed8; stroke-width: 2; fill: none; }
    .point { fill: #1d4ed8; }
    text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #59636e; }
    .title { font-weight: 600; font-size: 16px; fill: #1f2328; }
    .value { fill: #1f2328; }
    .middle { text-anchor: middle; }
    @media (prefers-color-scheme: dark) {
      .background { fill: #0d1117; }
      .axis { stroke: #3d444d; }
      .curve { stroke: #79a6ff; }
      .point { fill: #79a6ff; }
      text { fill: #9198a1; }
      .title, .value { fill: #f0f6fc; }
    }`;

const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const px = (value: number) => String(Math.round(value * 10) / 10);

/** Where a count is on the horizontal axis, from 0 to 1. */
function position(count: number, { curve: { counts }, scale }: Panel): number {
  const along = scale === 'linear' ? (value: number) => value : Math.log10;
  const [first = 0, last = 1] = [counts[0], counts.at(-1)];
  return (along(count) - along(first)) / (along(last) - along(first));
}

/** A curve with its values at its points. The vertical axis starts at zero, so that a flat curve looks flat. */
function panel(of: Panel, values: number[], index: number): string {
  const left = (index % 2) * PANEL.width + MARGIN.left;
  const top = Math.floor(index / 2) * PANEL.height + MARGIN.top;
  const floor = top + PLOT.height;
  const most = Math.max(...values);
  const points = of.curve.counts.map((count, at) => ({
    count: short.format(count),
    value: digits.format(values[at] ?? 0),
    x: px(left + position(count, of) * PLOT.width),
    y: floor - ((values[at] ?? 0) / most) * PLOT.height,
  }));
  const line = points.map(({ x, y }) => `${x},${px(y)}`).join(' ');
  return [
    `<text class="title" x="${left}" y="${top - 36}">${of.title}, ${of.curve.unit}</text>`,
    `<line class="axis" x1="${left}" y1="${floor}" x2="${left + PLOT.width}" y2="${floor}"/>`,
    `<polyline class="curve" points="${line}"/>`,
    ...points.flatMap(({ count, value, x, y }) => [
      `<circle class="point" cx="${x}" cy="${px(y)}" r="4"/>`,
      `<text class="value middle" x="${x}" y="${px(y - 12)}">${value}</text>`,
      `<text class="middle" x="${x}" y="${floor + 20}">${count}</text>`,
    ]),
    `<text class="middle" x="${px(left + PLOT.width / 2)}" y="${floor + 40}">${of.grows}</text>`,
  ].join('\n  ');
}

/** The curves of growth as SVG, which follows the reader's light or dark mode. */
export function growthPicture(figures: Figure[]): string {
  const height = Math.ceil(PANELS.length / 2) * PANEL.height;
  const described = PANELS.map((of) => {
    const values = valuesOf(of.curve, figures);
    const [from, to] = [of.curve.counts[0], of.curve.counts.at(-1)].map((count) =>
      count?.toLocaleString('en'),
    );
    return `${of.title}: from ${values[0]} to ${values.at(-1)} ${of.curve.unit} for ${from} to ${to} ${of.grows}.`;
  });
  const panels = PANELS.map((of, index) => panel(of, valuesOf(of.curve, figures), index));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title description">
  <title id="title">What grows with links, rules and webhooks</title>
  <desc id="description">${described.join(' ')}</desc>
  <style>${STYLE}
  </style>
  <rect class="background" width="${WIDTH}" height="${height}"/>
  ${panels.join('\n  ')}
</svg>
`;
}
