/** Words and phrases by their keys, each with all that it stands for. */
export type Words = Map<string, readonly string[]>;

/** What was understood, each once and in its order, and what was not. */
export type Understood = { values: string[]; unknown: string[] };

/** How a word is compared: in lower case, without accents, dots, apostrophes and brackets; a hyphen is a space. */
export function wordKey(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replace(/[.'’()]/g, '')
    .replace(/[\s_‐-]+/g, ' ')
    .trim();
}

const SEPARATOR = /[,;|，、；،\n\v\f\r\u0085\u2028\u2029]+/;
const OPENING = /(^|\s)["'`“”„«»‘’([{]+/g;
const CLOSING = /["'`“”«»‘’)\]}]+(?=\s|$)/g;

/** The entries of a list that a person wrote: without the quotes and brackets around them, blank ones left out. */
export function entriesOf(text: string, separator: RegExp = SEPARATOR): string[] {
  const written = text.split(separator).map((entry) => entry.replace(OPENING, '$1').replace(CLOSING, ''));
  return written.map((entry) => entry.replace(/\s+/g, ' ').trim()).filter(Boolean);
}

type Meaning = (phrase: string) => readonly string[] | undefined;

/** So many words a name has at most. */
const LONGEST_PHRASE = 8;

/** How many of these words, from the first on, are the longest phrase that means something; 0 when none is. */
function phraseLength(words: string[], meaning: Meaning): number {
  for (let count = Math.min(words.length, LONGEST_PHRASE); count > 0; count--) {
    if (meaning(words.slice(0, count).join(' '))) return count;
  }
  return 0;
}

/** `US and CA`. An `and` within a name is found together with the name. */
const isLink = (word: string) => wordKey(word) === 'and';

/** Cuts the words of an entry into the longest phrases that mean something, and what is between them. */
function phrasesOf(words: string[], meaning: Meaning): string[] {
  const phrases: string[] = [];
  let from = 0;
  for (let at = 0; at < words.length; ) {
    const count = isLink(words[at] ?? '') ? 1 : phraseLength(words.slice(at), meaning);
    if (count === 0) at++;
    else {
      phrases.push(words.slice(from, at).join(' '));
      if (!isLink(words[at] ?? '')) phrases.push(words.slice(at, at + count).join(' '));
      at += count;
      from = at;
    }
  }
  return [...phrases, words.slice(from).join(' ')].filter(Boolean);
}

const LIST_SEPARATOR = new RegExp(`${SEPARATOR.source}|/`);

/**
 * Reads a list that a person wrote. Entries are separated by commas, semicolons, bars, slashes or line breaks; within
 * an entry, words are taken together as long as they mean something, so that `United States` is one and `us ca` two.
 * @param meaning what a phrase stands for; nothing for one that must not be taken apart
 */
export function understand(text: string, meaning: Meaning): Understood {
  const values = new Set<string>();
  const unknown = new Set<string>();
  for (const entry of entriesOf(text, LIST_SEPARATOR)) {
    const words = entry.split(' ');
    for (const phrase of words.length > 1 ? phrasesOf(words, meaning) : words) {
      const meant = meaning(phrase) ?? [];
      if (meant.length === 0) unknown.add(phrase);
      for (const value of meant) values.add(value);
    }
  }
  return { values: [...values], unknown: [...unknown] };
}
