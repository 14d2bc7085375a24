/** No schema looks deeper than this: a rule's field is the third level. */
const MAX_DEPTH = 8;

/**
 * A value that was sent, with each lone half of a surrogate pair as U+FFFD, because it has no UTF-8.
 * @param foundNul is called for each text that holds the NUL character, which ends a text in many programs
 */
export function wellFormed(value: unknown, foundNul: (path: string[]) => void, path: string[] = []): unknown {
  if (typeof value === 'string') {
    if (value.includes('\0')) foundNul(path);
    return value.toWellFormed();
  }
  if (typeof value !== 'object' || value === null || path.length > MAX_DEPTH) return value;
  const inner = (one: unknown, key: string | number) => wellFormed(one, foundNul, [...path, String(key)]);
  if (Array.isArray(value)) return value.map(inner);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inner(one, key)]));
}

/** What is wrong with a text that holds NUL. */
export const HOLDS_NUL = 'must not hold the NUL character (U+0000): remove it';
