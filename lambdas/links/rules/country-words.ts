import codes from 'i18n-iso-countries/codes.json' with { type: 'json' };
import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' };
import { EU_COUNTRIES } from '../../clicks/visitor-values.ts';
import { type Words, wordKey } from './words.ts';

/** What people write beside codes and English names. The stack's own data have none of the reserved codes. */
const OTHER_WORDS: Record<string, string> = {
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
 * Countries by their ISO 3166-1 codes of two and three letters and their English names; XK is Kosovo. UK is GB, EL is
 * GR, and EU its 27 members. A name that two countries share is none's.
 */
export function countryWords(): Words {
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
  for (const [word, code] of Object.entries(OTHER_WORDS)) say(word, code);
  const words: Words = new Map();
  for (const [word, meant] of names) if (meant.size === 1) words.set(word, [...meant]);
  // Codes come last: they win over any name.
  for (const [alpha2 = '', alpha3 = ''] of codes) {
    words.set(wordKey(alpha2), [alpha2]).set(wordKey(alpha3), [alpha2]);
  }
  for (const word of EU_WORDS) words.set(wordKey(word), EU_COUNTRIES);
  return words;
}
