import { type Words, wordKey } from './words.ts';

const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** Codes that stand for no language, or for several. */
const NO_LANGUAGES = new Set(['mul', 'und', 'mis', 'zxx']);
/** Languages of three letters, and regional ones, that are known by a name of their own. */
const NAMED_TAGS = [
  ...[
    'ast',
    'bho',
    'ceb',
    'chr',
    'ckb',
    'dsb',
    'fil',
    'fur',
    'gsw',
    'haw',
    'hmn',
    'hsb',
    'ilo',
    'kab',
    'kok',
  ],
  ...[
    'lus',
    'mai',
    'mni',
    'nds',
    'scn',
    'sco',
    'yue',
    'zh-Hans',
    'zh-Hant',
    'pt-BR',
    'pt-PT',
    'en-GB',
    'en-US',
  ],
  ...['en-AU', 'en-CA', 'fr-CA', 'fr-CH', 'de-AT', 'de-CH', 'es-MX', 'es-ES', 'es-419', 'nl-BE'],
];
const OTHER_WORDS: Record<string, string> = {
  bokmal: 'nb',
  nynorsk: 'nn',
  castilian: 'es',
  farsi: 'fa',
  mandarin: 'zh',
  tagalog: 'fil',
};

/** Names of languages, in English and in the language itself. Made when the first name is looked up: it takes 30 ms. */
function languageNames(): Words {
  const words: Words = new Map();
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const short = letters.flatMap((first) => letters.map((second) => first + second));
  for (const code of [...short, ...NAMED_TAGS]) {
    const name = languages.of(code);
    if (name === undefined) continue;
    const { baseName } = new Intl.Locale(code);
    const ownName = new Intl.DisplayNames([code], { type: 'language', fallback: 'none' }).of(code);
    for (const word of [ownName, name]) if (word) words.set(wordKey(word), [baseName]);
  }
  for (const [word, tag] of Object.entries(OTHER_WORDS)) words.set(word, [tag]);
  return words;
}

// Lives as long as the function instance.
let names: Words | undefined;

/** The tag in its canonical form (BCP 47; `iw` is `he`), when all its parts are known. */
function knownTag(text: string): string | undefined {
  // `en_US.UTF-8` is how systems write it.
  const written = text.replaceAll('_', '-').replace(/[.@].*$/, '');
  if (!/^[a-z]{2,3}(-|$)/i.test(written)) return undefined;
  try {
    const { baseName, language, region } = new Intl.Locale(written);
    const isKnown =
      !NO_LANGUAGES.has(language ?? '') &&
      languages.of(baseName) !== undefined &&
      (region === undefined || (region !== 'ZZ' && regions.of(region) !== undefined));
    return isKnown ? baseName : undefined;
  } catch {
    return undefined;
  }
}

/** The language tag that a word stands for: a tag in any spelling, or the name of a language. */
export function languageMeaning(phrase: string): readonly string[] | undefined {
  const tag = knownTag(phrase);
  if (tag !== undefined) return [tag];
  names ??= languageNames();
  return names.get(wordKey(phrase));
}
