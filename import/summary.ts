import type { Tally } from './tally.ts';

const number = (value: number) => value.toLocaleString('en');

/** The figures of a run in one line. */
export function figures({ imported, updated, there, refused }: Tally): string {
  const parts = [
    `${number(imported)} imported`,
    `${number(updated)} updated`,
    `${number(there)} already there`,
    `${number(refused)} refused`,
  ];
  return parts.join(', ');
}

const MAX_REASON = 300;

/** What a run says at its end. `report`: the file with the refused rows, if there is one. */
export function summary(
  tally: Tally,
  { dryRun, report, unknown }: { dryRun: boolean; report: string | null; unknown: string[] },
): string {
  const lines = [dryRun ? `Would be: ${figures(tally)}. Nothing was written.` : `${figures(tally)}.`];
  if (unknown.length > 0) lines.push(`Columns that are not imported: ${unknown.join(', ')}.`);
  if (tally.refused === 0) return lines.join('\n');
  lines.push('Refused:');
  const inOrder = [...tally.shown].sort((a, b) => a.row.line - b.row.line);
  for (const { row, reason } of inOrder) lines.push(`  line ${row.line}: ${reason.slice(0, MAX_REASON)}`);
  const more = tally.refused - tally.shown.length;
  if (more > 0) lines.push(`  and ${number(more)} more`);
  lines.push(
    report === null
      ? 'To have all of them in a file, name one with --report.'
      : `All refused rows, with reasons: ${report}. Mend them there and import that file.`,
  );
  return lines.join('\n');
}
