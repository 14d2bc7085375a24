/** How many letters have to be put in, taken out or changed to make one word of another. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_cell, index) => index);
  for (const [at, letter] of [...from].entries()) {
    const next = [at + 1];
    for (const [column, other] of [...to].entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

const bare = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Names with these are of the CDK and its plugins. */
const FOREIGN = /[:/@]/;

/**
 * The option that a name of the context likely stands for: it differs in letter case or separators, or by a letter
 * (two in longer names). Context may hold names of others, so what is like none of ours is none of our business.
 * @returns undefined for an option spelt right, and for a name that is like none
 */
export function likelyMeant<Name extends string>(name: string, options: readonly Name[]): Name | undefined {
  if (FOREIGN.test(name) || options.some((option) => option === name)) return undefined;
  return options.find((option) => distance(bare(name), bare(option)) <= (option.length < 8 ? 1 : 2));
}
