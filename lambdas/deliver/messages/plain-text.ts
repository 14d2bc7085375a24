/** No chat tool shows more of a value than this. Cutting first keeps the work on a very long value small. */
const MOST_CHARACTERS = 4_096;

/**
 * Characters that no font shows: controls, marks that change the direction of text, and fillers. Joiners and variation
 * selectors stay, because emoji and some scripts need them.
 */
const INVISIBLE = /[[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]--[\u200c\u200d\p{Variation_Selector}]]/gv;
/** More marks on one letter than any language has. They would cover the lines above and below. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

/**
 * A value of a click as one line of plain text that is valid Unicode. What the text means to a receiver, such as its
 * markup, stays: each receiver escapes that itself.
 * @returns the empty string for a value that is not text
 */
export function oneLine(value: unknown): string {
  if (typeof value !== 'string') return '';
  return value
    .slice(0, MOST_CHARACTERS)
    .toWellFormed()
    .replace(/\s+/gu, ' ')
    .replace(INVISIBLE, '')
    .replace(STACKED_MARKS, '$1')
    .trim();
}

/** Writes one character so that a receiver shows it as it is. */
export type Escape = (character: string) => string;

/**
 * A text that is escaped and at most `max` UTF-16 units long. A longer one ends with an ellipsis. No character and no
 * escape is cut in two.
 */
export function shortened(text: string, max: number, escaped: Escape = (character) => character): string {
  let written = '';
  let cut = '';
  for (const character of text) {
    written += escaped(character);
    if (written.length > max) return `${cut}…`;
    if (written.length < max) cut = written;
  }
  return written;
}

/** An escape that replaces the characters of a table. */
export function replacing(table: Record<string, string>): Escape {
  return (character) => table[character] ?? character;
}

/** Escapes the three characters with which Slack and the cards of Google Chat start entities and tags. */
export const entities = replacing({ '&': '&amp;', '<': '&lt;', '>': '&gt;' });
