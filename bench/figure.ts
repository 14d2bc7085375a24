/** The goal of a figure: a limit for its value, for its ratio to the reference, or for how far it is above that. */
export type Goal = { of: 'value' | 'ratio' | 'difference' } & ({ atMost: number } | { atLeast: number });

/** A measurement: medians, and what to compare them with. */
export type Figure = {
  /** What was measured and, if there is a reference, what it is compared with. */
  name: string;
  value: number;
  unit: string;
  /** The same measurement of something else, in the same run. */
  reference: number | null;
  ratio: number | null;
  goal: string | null;
  met: boolean | null;
};

/** The median of numbers. For an even number of them, the upper of the two in the middle. */
export function median(numbers: number[]): number {
  return percentile(numbers, 0.5);
}

/** The number below which this share (0 to 1) of the numbers lies. */
export function percentile(numbers: number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new Error('An empty list has no median');
  return value;
}

/** Four significant digits. Larger numbers are whole. */
function rounded(value: number): number {
  return Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(4));
}

function goalText(goal: Goal): string {
  const [sign, limit] = 'atMost' in goal ? ['≤', goal.atMost] : ['≥', goal.atLeast];
  if (goal.of === 'ratio') return `${sign} ${limit} ×`;
  if (goal.of === 'difference') return `${sign} reference ${limit < 0 ? '−' : '+'} ${Math.abs(limit)}`;
  return `${sign} ${limit}`;
}

function isMet(goal: Goal, value: number, reference: number | undefined): boolean {
  if (goal.of !== 'value' && reference === undefined) {
    throw new Error(`A goal for the ${goal.of} needs a reference`);
  }
  const measured = { value, ratio: value / (reference ?? 1), difference: value - (reference ?? 0) }[goal.of];
  return 'atMost' in goal ? measured <= goal.atMost : measured >= goal.atLeast;
}

/** The parts of a figure. A goal is compared with the measured numbers, not with the rounded ones. */
export type Measured = {
  name: string;
  value: number;
  unit: string;
  reference?: { name: string; value: number };
  goal?: Goal;
};

/** Creates a figure from a measurement. */
export function figure({ name, value, unit, reference, goal }: Measured): Figure {
  const ratio = reference ? value / reference.value : null;
  return {
    name: reference ? `${name}, compared with ${reference.name}` : name,
    value: rounded(value),
    unit,
    reference: reference ? rounded(reference.value) : null,
    ratio: ratio === null ? null : rounded(ratio),
    goal: goal ? goalText(goal) : null,
    met: goal ? isMet(goal, value, reference?.value) : null,
  };
}
