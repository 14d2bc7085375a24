import codes from 'i18n-iso-countries/codes.json' with { type: 'json' };
import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' };
import { BROWSER_NAMES, EU_COUNTRIES, LANGUAGE_TAG } from '../../clicks/visitor-values.ts';
import {
  BROWSER_SYNONYMS,
  NO_PLATFORMS,
  PLATFORM_SYNONYMS,
  RULE_PLATFORMS,
  type RuleWhat,
} from './vocabulary.ts';
import { type Vocabulary, vocabularyOf, type Words, wordKey } from './words.ts';

// The words that each kind of rule understands: countries, languages, browsers, platforms.

/**
 * Words that people use besides codes and English names. The data of the standard library has none of the reserved
 * codes.
 */
const OTHER_COUNTRIES: Record<string, string> = {
  EL: 'GR',
  XKX: 'XK',
  America: 'US',
  Britain: 'GB',
  Burma: 'MM',
  'Cape Verde': 'CV',
  'East Timor': 'TL',
  Holland: 'NL',
  Macau: 'MO',
  Macedonia: 'MK',
  Swaziland: 'SZ',
  Vatican: 'VA',
};
const EU_WORDS = ['EU', 'EU27', 'EU 27', 'European Union', 'The European Union'];

/**
 * Countries by their ISO 3166-1 codes of two and three letters and their English names. XK is Kosovo. UK means GB, EL
 * means GR, and EU means its 27 members. A name that two countries share stands for neither.
 */
function countryWords(): Words {
  const named = new Intl.DisplayNames(['en'], { type: 'region' });
  const short = new Intl.DisplayNames(['en'], { type: 'region', style: 'short' });
  const names = new Map<string, Set<string>>();
  const say = (word: string | undefined, code: string) => {
    const key = wordKey(word ?? '');
    names.set(key, (names.get(key) ?? new Set()).add(code));
  };
  for (const [code, written] of Object.entries(english.countries)) {
    for (const name of [written, named.of(code), short.of(code)].flat()) say(name, code);
  }
  for (const [word, code] of Object.entries(OTHER_COUNTRIES)) say(word, code);
  const words: Words = new Map();
  for (const [word, meant] of names) if (meant.size === 1) words.set(word, [...meant]);
  // Codes come last, because they win over any name.
  for (const [alpha2 = '', alpha3 = ''] of codes) {
    words.set(wordKey(alpha2), [alpha2]).set(wordKey(alpha3), [alpha2]);
  }
  for (const word of EU_WORDS) words.set(wordKey(word), EU_COUNTRIES);
  return words;
}

const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
const scripts = new Intl.DisplayNames(['en'], { type: 'script', fallback: 'none' });

/** Codes that stand for no language, or for several. */
const NO_LANGUAGES = new Set(['mul', 'und', 'mis', 'zxx']);

/** Languages with three-letter codes and regional languages that have their own names. */
const NAMED_TAGS =
  `ast bho ceb chr ckb dsb fil fur gsw haw hmn hsb ilo kab kok lus mai mni nds scn sco yue zh-Hans zh-Hant pt-BR pt-PT
  en-GB en-US en-AU en-CA fr-CA fr-CH de-AT de-CH es-MX es-ES es-419 nl-BE`.split(/\s+/);
const OTHER_LANGUAGES: Record<string, string> = {
  bokmal: 'nb',
  nynorsk: 'nn',
  castilian: 'es',
  farsi: 'fa',
  mandarin: 'zh',
  tagalog: 'fil',
};

/** Names of languages, in English and in the language itself. */
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
  for (const [word, tag] of Object.entries(OTHER_LANGUAGES)) words.set(word, [tag]);
  return words;
}

/** Languages with a region that browsers and systems offer; those in `NAMED_TAGS` are also among them. */
const LISTED_TAGS =
  `ar-AE ar-EG ar-SA bn-BD bn-IN de-DE de-LI de-LU en-HK en-IE en-IN en-NZ en-PH en-SG en-ZA es-AR es-CL es-CO es-PE
  es-US es-UY es-VE fr-BE fr-FR fr-LU it-CH it-IT ko-KR ja-JP nl-NL sv-FI zh-CN zh-HK zh-SG zh-TW`.split(
    /\s+/,
  );

/** Other words for the regions of English. */
const ENGLISH_PLACES = [
  ['en-US', 'US', 'USA', 'America'],
  ['en-GB', 'UK', 'GB', 'Great Britain', 'Britain'],
] as const;

/** A language and its region: `English (India)`, `English (US)`, `US English`, `Deutsch (Österreich)`. */
function languagesWithPlaces(): Words {
  const words: Words = new Map([
    ['chinese simplified', ['zh-Hans']],
    ['chinese traditional', ['zh-Hant']],
  ]);
  const tags = [...NAMED_TAGS, ...LISTED_TAGS].filter((tag) => tag.includes('-'));
  for (const style of ['long', 'short'] as const) {
    const options = { type: 'language', languageDisplay: 'standard', style } as const;
    const english = new Intl.DisplayNames(['en'], options);
    for (const tag of tags)
      for (const name of [english.of(tag), new Intl.DisplayNames([tag], options).of(tag)])
        if (name) words.set(wordKey(name), [tag]);
  }
  for (const [tag, ...places] of ENGLISH_PLACES)
    for (const place of places) {
      words.set(wordKey(`English ${place}`), [tag]).set(wordKey(`${place} English`), [tag]);
    }
  return words;
}

/** Caches the result for each part of a tag, because a look-up takes 20 µs and a list may have thousands of tags. */
function remembered<T>(look: (part: string) => T): (part: string) => T {
  // Lives as long as the function instance. It has at most as many entries as three letters can form.
  const known = new Map<string, T>();
  return (part) => {
    const value = known.get(part) ?? look(part);
    known.set(part, value);
    return value;
  };
}

/** Canonical languages, such as `he` for `iw` and `sr-Latn` for `sh`. Blank means unknown. */
const languageOf = remembered((code) => {
  const { baseName } = new Intl.Locale(code);
  return NO_LANGUAGES.has(baseName) || languages.of(baseName) === undefined ? '' : baseName;
});
/** Canonical regions, such as `GB` for `UK`. Blank means unknown. */
const regionOf = remembered((code) => {
  const { region = 'ZZ' } = new Intl.Locale(`und-${code}`);
  return region === 'ZZ' || regions.of(region) === undefined ? '' : region;
});
const scriptOf = remembered((code) => {
  const { script = 'Zzzz' } = new Intl.Locale(`und-${code}`);
  return script === 'Zzzz' || scripts.of(script) === undefined ? '' : script;
});

/** The tag in its canonical form (BCP 47), if its language, script and region exist. */
function knownTag(text: string): string | undefined {
  // Systems write tags like `en_US.UTF-8`.
  const written = text
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/[.@].*$/, '');
  if (written === 'ca-valencia') return written;
  const [, code, script, region] = LANGUAGE_TAG.exec(written) ?? [];
  const language = code && languageOf(code);
  if (!language) return undefined;
  const parts = [
    script === undefined ? language : `${language.split('-', 1)}-${scriptOf(script)}`,
    ...(region === undefined ? [] : [regionOf(region)]),
  ];
  return parts.some((part) => part === '' || part.endsWith('-')) ? undefined : parts.join('-');
}

/** Languages by their tags in any spelling, and by their names. Creating the list takes 30 ms. */
function languageVocabulary(): Vocabulary {
  return vocabularyOf(new Map([...languagesWithPlaces(), ...languageNames()]), (word) => {
    const tag = knownTag(word);
    return tag === undefined ? undefined : [tag];
  });
}

/** Words for each of these names: the name, its synonyms, and all of them without spaces. */
function wordsFor(names: readonly string[], synonyms: Record<string, readonly string[]>): Words {
  const words: Words = new Map();
  for (const name of names) {
    for (const word of [...(synonyms[name] ?? []), name]) {
      const key = wordKey(word);
      words.set(key.replaceAll(' ', ''), [name]).set(key, [name]);
    }
  }
  return words;
}

/** Adds `X browser` for a browser X, and X for `X Browser`, unless that is another browser's name. */
function browserWords(): Words {
  const words = wordsFor(BROWSER_NAMES, BROWSER_SYNONYMS);
  for (const name of BROWSER_NAMES) {
    const plain = wordKey(name).replace(/ browser$/, '');
    for (const word of [plain, `${plain} browser`]) if (!words.has(word)) words.set(word, [name]);
  }
  return words;
}

function platformVocabulary(): Vocabulary {
  const words = wordsFor(RULE_PLATFORMS, PLATFORM_SYNONYMS);
  for (const word of NO_PLATFORMS) words.set(word, []);
  return vocabularyOf(words);
}

/** Creates it when it is first needed, and keeps it as long as the function instance lives. */
function lazy(create: () => Vocabulary): () => Vocabulary {
  let created: Vocabulary | undefined;
  return () => {
    created ??= create();
    return created;
  };
}

/** The words for a kind of rule, and what a sentence about a wrong word suggests. */
type Kind = { vocabulary: () => Vocabulary; use: string };
const platforms: Kind = { vocabulary: lazy(platformVocabulary), use: RULE_PLATFORMS.join(', ') };
export const KINDS: Record<Exclude<RuleWhat, 'rotator' | 'bot'>, Kind> = {
  country: {
    vocabulary: lazy(() => vocabularyOf(countryWords())),
    use: 'two-letter codes such as US, GB, names such as Germany, or EU for its 27 members',
  },
  platform: platforms,
  device: platforms,
  browser: { vocabulary: lazy(() => vocabularyOf(browserWords())), use: BROWSER_NAMES.join(', ') },
  language: {
    vocabulary: lazy(languageVocabulary),
    use: 'tags such as en, en-GB, pt-BR, or names such as German',
  },
};
