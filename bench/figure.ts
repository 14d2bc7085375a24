/** What a figure has to be: a bound for the value itself, or for its ratio to the reference. */
export type Goal = { of: 'value' | 'ratio'; atMost: number } | { of: 'value' | 'ratio'; atLeast: number };

/** A measurement: medians, with what they are to be compared with. */
export type Figure = {
  /** What was measured and, where there is a reference, beside what. */
  name: string;
  value: number;
  unit: string;
  /** The same of something else, measured in the same run. */
  reference: number | null;
  ratio: number | null;
  goal: string | null;
  met: boolean | null;
};

/** The middle one of numbers; of two in the middle the upper. */
export function median(numbers: number[]): number {
  return percentile(numbers, 0.5);
}

/** The number that this share (0 to 1) of the numbers is below. */
export function percentile(numbers: number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new Error('There is no median of nothing');
  return value;
}

/** Four digits that count; what is larger is whole. */
function rounded(value: number): number {
  return Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(4));
}

function goalText(goal: Goal): string {
  const bound = 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
  return goal.of === 'ratio' ? `${bound} ×` : bound;
}

function isMet(goal: Goal, value: number, ratio: number | null): boolean {
  const measured = goal.of === 'ratio' ? ratio : value;
  if (measured === null) throw new Error('A goal for the ratio needs a reference');
  return 'atMost' in goal ? measured <= goal.atMost : measured >= goal.atLeast;
}

/** What a figure is made of; a goal is judged by the numbers as they were measured, not as they are rounded. */
export type Measured = {
  name: string;
  value: number;
  unit: string;
  reference?: { name: string; value: number };
  goal?: Goal;
};

/** A figure out of what was measured. */
export function figure({ name, value, unit, reference, goal }: Measured): Figure {
  const ratio = reference ? value / reference.value : null;
  return {
    name: reference ? `${name}, beside ${reference.name}` : name,
    value: rounded(value),
    unit,
    reference: reference ? rounded(reference.value) : null,
    ratio: ratio === null ? null : rounded(ratio),
    goal: goal ? goalText(goal) : null,
    met: goal ? isMet(goal, value, ratio) : null,
  };
}
