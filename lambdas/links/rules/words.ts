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

/** What the words of a list can mean. */
export type Vocabulary = {
  words: Words;
  /** How many words the longest phrase has that begins with a word: most words begin none. */
  longest: Map<string, number>;
  /** What a single word means beside that. */
  single: (word: string) => readonly string[] | undefined;
};

/** Prepares words to be found in lists. */
export function vocabularyOf(words: Words, single: Vocabulary['single'] = () => undefined): Vocabulary {
  const longest = new Map<string, number>();
  for (const key of words.keys()) {
    const parts = key.split(' ');
    const [first = ''] = parts;
    longest.set(first, Math.max(longest.get(first) ?? 0, parts.length));
  }
  return { words, longest, single };
}

/** So many words a name has at most. */
const LONGEST_PHRASE = 10;

type Word = { written: string; key: string };

/** The longest phrase from the first of these words on that means something; null when there is none. */
function firstPhrase(words: Word[], { words: known, longest, single }: Vocabulary) {
  const [first] = words;
  const [begin = ''] = first?.key.split(' ') ?? [];
  for (let count = Math.min(words.length, longest.get(begin) ?? 1); count > 0; count--) {
    const phrase = words.slice(0, count);
    const key = phrase.map((word) => word.key).join(' ');
    const values = (count === 1 && first ? single(first.written) : undefined) ?? known.get(key);
    if (values) return { count, values };
  }
  return null;
}

/** `US and CA`, `US or CA`. An `and` within a name is found together with the name. */
const isConjunction = (word: Word | undefined) => word?.key === 'and' || word?.key === 'or';

const written = (words: Word[]) => words.map((word) => word.written).join(' ');

/** Reads one entry: the longest phrases that mean something, and what is between them. */
function readEntry(entry: string, vocabulary: Vocabulary, { values, unknown }: Sets): void {
  const words = entry
    .split(' ')
    .map((word) => ({ written: word, key: EXCLUDED.test(word) ? word : wordKey(word) }));
  const said = words.filter(({ key }) => key !== '');
  let strange: Word[] = [];
  const endStrange = () => {
    if (strange.length > 0) unknown.add(written(strange));
    strange = [];
  };
  for (let at = 0; at < said.length; ) {
    const isBetween = said.length > 1 && isConjunction(said[at]);
    const phrase = isBetween
      ? { count: 1, values: null }
      : firstPhrase(said.slice(at, at + LONGEST_PHRASE), vocabulary);
    if (!phrase) strange.push(...said.slice(at, at + 1));
    else {
      endStrange();
      for (const value of phrase.values ?? []) values.add(value);
      if (phrase.values?.length === 0) unknown.add(written(said.slice(at, at + phrase.count)));
    }
    at += phrase?.count ?? 1;
  }
  endStrange();
}

/** `-US`: somebody who means all but the US. No rule can say that, and a hyphen is a space elsewhere. */
const EXCLUDED = /^[-‐‑–−]\p{L}/u;

type Sets = { values: Set<string>; unknown: Set<string> };

const LIST_SEPARATOR = new RegExp(`${SEPARATOR.source}|/`);

/**
 * Reads a list that a person wrote. Entries are separated by commas, semicolons, bars, slashes or line breaks; within
 * an entry, words are taken together as long as they mean something, so that `United States` is one and `us ca` two.
 * A phrase that stands for nothing is unknown as a whole.
 */
export function understand(text: string, vocabulary: Vocabulary): Understood {
  const sets: Sets = { values: new Set(), unknown: new Set() };
  for (const entry of entriesOf(text, LIST_SEPARATOR)) readEntry(entry, vocabulary, sets);
  return { values: [...sets.values], unknown: [...sets.unknown] };
}
