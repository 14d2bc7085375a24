/** Words and phrases by their keys, each with everything that it stands for. */
export type Words = Map<string, readonly string[]>;

/** What was understood, without duplicates and in order, and what was not. */
export type ParsedWords = { values: string[]; unknown: string[] };

/**
 * The form in which words are compared: in lower case, without accents, dots, apostrophes and brackets, with hyphens as
 * spaces.
 */
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

/** The entries of a list that a person wrote, without the quotes and brackets around them and without blank entries. */
export function entriesOf(text: string, separator: RegExp = SEPARATOR): string[] {
  const written = text.split(separator).map((entry) => entry.replace(OPENING, '$1').replace(CLOSING, ''));
  return written.map((entry) => entry.replace(/\s+/g, ' ').trim()).filter(Boolean);
}

/** What the words of a list can mean. */
export type Vocabulary = {
  words: Words;
  /** The number of words of the longest phrase that begins with a word. Most words begin none. */
  longest: Map<string, number>;
  /** What a single word means in addition. */
  single: (word: string) => readonly string[] | undefined;
};

/** Prepares words, so that they can be found in lists. */
export function vocabularyOf(words: Words, single: Vocabulary['single'] = () => undefined): Vocabulary {
  const longest = new Map<string, number>();
  for (const key of words.keys()) {
    const parts = key.split(' ');
    const [first = ''] = parts;
    longest.set(first, Math.max(longest.get(first) ?? 0, parts.length));
  }
  return { words, longest, single };
}

/** The most words of a name. */
const LONGEST_PHRASE = 10;

type Word = { written: string; key: string };

/** The longest phrase that starts at the first of these words and has a meaning; null when there is none. */
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

/** `US and CA`, `US or CA`. An `and` within a name is part of the name. */
const isConjunction = (word: Word | undefined) => word?.key === 'and' || word?.key === 'or';

const written = (words: Word[]) => words.map((word) => word.written).join(' ');

/** Reads one entry: the longest phrases that have a meaning, and the words between them. */
function readEntry(text: string, vocabulary: Vocabulary, { values, unknown }: Sets): void {
  const words = text
    .split(' ')
    .map((word) => ({ written: word, key: EXCLUDED.test(word) ? word : wordKey(word) }));
  const entry = words.filter(({ key }) => key !== '');
  let strange: Word[] = [];
  const endStrange = () => {
    if (strange.length > 0) unknown.add(written(strange));
    strange = [];
  };
  for (let at = 0; at < entry.length; ) {
    const isBetween = entry.length > 1 && isConjunction(entry[at]);
    const phrase = isBetween
      ? { count: 1, values: null }
      : firstPhrase(entry.slice(at, at + LONGEST_PHRASE), vocabulary);
    if (!phrase) strange.push(...entry.slice(at, at + 1));
    else {
      endStrange();
      for (const value of phrase.values ?? []) values.add(value);
      if (phrase.values?.length === 0) unknown.add(written(entry.slice(at, at + phrase.count)));
    }
    at += phrase?.count ?? 1;
  }
  endStrange();
}

/** `-US` means everything except the US. No rule can express that, and elsewhere a hyphen counts as a space. */
const EXCLUDED = /^[-‐‑–−]\p{L}/u;

type Sets = { values: Set<string>; unknown: Set<string> };

const LIST_SEPARATOR = new RegExp(`${SEPARATOR.source}|/`);

/**
 * Reads a list that a person wrote. Commas, semicolons, bars, slashes and line breaks separate entries. Within an
 * entry, words are read together as long as they have a meaning, so that `United States` is one and `us ca` is two. A
 * phrase without a meaning is unknown as a whole.
 */
export function parseWords(text: string, vocabulary: Vocabulary): ParsedWords {
  const sets: Sets = { values: new Set(), unknown: new Set() };
  for (const entry of entriesOf(text, LIST_SEPARATOR)) readEntry(entry, vocabulary, sets);
  return { values: [...sets.values], unknown: [...sets.unknown] };
}
