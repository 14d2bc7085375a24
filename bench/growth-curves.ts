/** One measurement that is repeated for several numbers of something. The first is what the others are compared with. */
export type Curve = {
  what: string;
  /** What the number counts, and the numbers. */
  of: (count: number) => string;
  counts: number[];
  unit: string;
};

const counted = (count: number, word: string) =>
  `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;

const webhooks = {
  of: (count: number) => `10 clicks × ${counted(count, 'webhook')}`,
  counts: [1, 10, 25, 50],
};
const rules = { of: (count: number) => `link with ${counted(count, 'rule')}`, counts: [1, 10, 50, 100] };
const links = {
  of: (count: number) => `among ${counted(count, 'link')}`,
  counts: [10, 1_000, 100_000, 1_000_000],
};

/** What is measured as webhooks, rules and links become more. */
export const CURVES = {
  deliverCpu: { what: 'CPU of deliver', unit: 'ms', ...webhooks },
  deliverMemory: { what: 'memory of deliver', unit: 'MB', ...webhooks },
  rulesCpu: { what: 'CPU of a click', unit: 'ms', ...rules },
  linksRead: { what: 'read of a redirect', unit: 'read units', ...links },
  linksCpu: { what: 'CPU of a click', unit: 'ms', ...links },
  linksMemory: { what: 'memory of the redirect', unit: 'MB', ...links },
} satisfies Record<string, Curve>;

/** The name of a point's figure, without what it is compared with. */
export const pointName = ({ what, of }: Curve, count: number) => `Growth: ${what}, ${of(count)}`;
/** What the points after the first are compared with. */
export const firstPoint = ({ of, counts }: Curve) => of(counts[0] ?? 0);
