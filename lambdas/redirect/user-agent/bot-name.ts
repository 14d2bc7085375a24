import { ownersSpelling } from './known-bots.ts';

/** The name of a bot whose User-Agent contains no name. */
export const UNKNOWN_BOT = 'Unknown bot';

const MAX_NAME_LENGTH = 64;
const MAX_WORDS = 8;

/** URLs and e-mail addresses. Their words name a host or a person, not the program. */
const ADDRESS =
  /(?:\b(?:https?|ftp|feed|mailto):|\bwww\.)[^\s;,()<>[\]{}"']*|[^\s;,()<>[\]{}"'/:]{1,64}(?:@|\(at\)|\[at\])[^\s;,()<>[\]{}"']*/gi;

/** The end of a phrase: the marks around comments and their parts, and marks that are separate. */
const MARKS = /[;,()<>[\]{}"|]+|\s[-/:+]+\s/;

/** A part of a comment that describes a system, a device, or the browser that the bot imitates. */
const SYSTEM =
  /^(?:x11|[a-z]|win|windows\b.*|win\d.*|wow64|x(?:64|86)\b.*|arm(?:v?\d.*)?|aarch64|i[3-6]86.*|amd64.*|linux\b.*|(?:ubuntu|fedora|debian|cros|freebsd|openbsd|netbsd|sunos|darwin|ppc|intel mac|mac os|cpu|android|openharmony)\b.*|macintosh|mac_powerpc|ip(?:hone|ad|od)\b.*|phone|pc|mobile|tablet|touch|tv|wv|sv1|rv:.*|[a-z]{2}(?:[-_][a-z]{2,4})?|trident\b.*|msie\b.*|\.net.*|slcc.*|media center.*|infopath.*|khtml.*|like .*|compatibl.*|generic|nokia|lumia.*|nexus .*|pixel\b.*|sm-.*|moto .*|.* build\/.*|netscape .*|gui|java|.*-linux-gnu)$/i;

const words = (text: string): Set<string> => new Set(text.split(/\s+/));

/** Browsers, their engines, systems, and the libraries that a program uses. */
const BROWSERS = words(
  `mozilla mozzila applewebkit webkit khtml gecko chrome chromium crios safari mobilesafari version mobile firefox
  fxios iceweasel minefield opera opr opios edg edge edga edgios trident msie iemobile epiphany galeon camino konqueror
  netscape seamonkey thunderbird qupzilla vivaldi ucbrowser samsungbrowser yabrowser qihu 360se avant up.browser
  electron qtwebengine qtwebkit browser renderer micromessenger nettype language instagram twitter iphone ipad
  docomo profile configuration vendorid mmp ubuntu fedora debian gentoo linux windows darwin cfnetwork macos ios android
  build net clr nt wv tablet tv x11 x86_64 i686 amd64 macintosh compatible like http libcurl openssl nss zlib libidn libidn2 libssh2 nghttp2 gnutls
  cpython`,
);

/** Words for the kind of bot. They belong to the word before them, but are not names on their own. */
const KINDS = words(
  'bot robot crawler spider agent service fetcher checker scanner proxy monitor monitoring preview web project research by',
);

/** Other words that are not names on their own. */
const GENERIC = words(
  `bots robots user-agent ua url urls link uri www https website site page version preview feed search test testing
  support contact help info information email mail mailto beta alpha username unknown none null undefined default public
  private readers subscribers appid abuse admin webmaster free edition package server crawl`,
);

/** Words of sentences. The words before and after them are not parts of one name. */
const PROSE = words(
  `the a an and or not for with of in on at to my your our this please see about likely Likely similar Commonly via from powered
  based more are is if you`,
);

/** Languages, libraries and browsers that bots imitate. They are used as the name only if there is no other. */
const WEAK = words(
  `python ruby java php perl node node.js http.rb dart deno bun dart:io go dalvik headlesschrome phantomjs apache-httpclient
  commons-httpclient httpclient httpurlconnection xmlhttp jakarta jigsaw google facebookexternalhit facebot twitterbot`,
);

const VERSION = /^[vr]?\d[\d._-]*[a-z]?\d*$/i;
const ATTACHED_VERSION = /[-_]?v?\d+(?:\.\d+)+.*$|-\d{4,}$|\.\d+$/i;
const HOST =
  /^(?:[\w-]+\.)*([\w-]+)\.(?:com|net|org|info|io|co|ai|app|dev|biz|me|eu|de|fr|uk|cz|ru|nl|se|at|ch|it|es|jp|cn|us|tech)$/i;
const COMPANY = /^(?:gmbh|inc|ltd|llc)$/i;
const PHONE = /^(?:blackberry|nokia|samsung|sonyericsson|lg|mot|lge|htc|iphone|ipad)[-\d]/i;
const BOT_LIKE = /(?<!\bcu)bots?\b|crawl|spider|scan|agent|check|fetch|monitor|archiv/i;

/** The higher the rank, the more a product's name says about the bot. */
type Product = { name: string; rank: 0 | 1 | 2 };
type Part = { name: string; host: boolean; ends: boolean };

/** A word as a part of a name, without its version; null when it is not one. */
function partIn(word: string): Part | null {
  const [first = '', path] = word.replace(/^[^\p{L}\p{N}_]+/u, '').split('/');
  const host = HOST.exec(first)?.[1];
  if (host) return { name: host, host: true, ends: path !== undefined };
  const versionless = first.replace(ATTACHED_VERSION, '');
  const name = versionless.replace(/[^\p{L}\p{M}\p{N}_!+]+$/u, '');
  if (name.length < 2 || VERSION.test(name) || !/\p{L}/u.test(name) || PHONE.test(name)) return null;
  return { name, host: false, ends: path !== undefined || versionless !== first };
}

function isBrowsers(part: Part): boolean {
  return BROWSERS.has(part.name.toLowerCase());
}

function isGeneric(part: Part): boolean {
  return KINDS.has(part.name.toLowerCase()) || GENERIC.has(part.name.toLowerCase());
}

/** The product that these parts name; null when none of them is a name. */
function productOf(parts: Part[]): Product | null {
  const name = parts.map((part) => part.name).join(' ');
  const names = parts.filter((part) => !isGeneric(part));
  if (names.length === 0) return /^(?:Spider|Crawler|Robot)$/.test(name) ? { name, rank: 0 } : null;
  const isMaker = COMPANY.test(parts.at(-1)?.name ?? '') || (parts.length === 1 && names[0]?.host);
  return { name, rank: isMaker || names.every((part) => WEAK.has(part.name.toLowerCase())) ? 1 : 2 };
}

/** The words of a phrase, grouped into products: `Python/3.9 aiohttp/3.7` is two, `Yahoo! Slurp` is one. */
function productsIn(phrase: string): Product[] {
  const groups: Part[][] = [[]];
  let starts = true;
  for (const word of phrase.trim().split(/\s+/)) {
    const part = PROSE.has(word) ? null : partIn(word);
    if (part === null || isBrowsers(part)) {
      groups.push([]);
      starts = !PROSE.has(word);
      continue;
    }
    const joins = /^[\p{Lu}\d]/u.test(part.name) || KINDS.has(part.name);
    const group = groups.at(-1) ?? [];
    if (!joins || group.length === MAX_WORDS) groups.push([]);
    if (joins || starts || part.ends || BOT_LIKE.test(part.name) || /[-_]/.test(part.name))
      groups.at(-1)?.push(part);
    starts = part.ends;
    if (part.ends) groups.push([]);
  }
  return groups.map(productOf).filter((product) => product !== null);
}

/**
 * The phrases of a comment that describe neither a system nor a device. What follows Android is the name of a device.
 */
function phrasesIn(text: string): string[] {
  const phrases = text.split(MARKS).map((phrase) => phrase.trim());
  return phrases.filter(
    (phrase, index) => phrase && !SYSTEM.test(phrase) && !/^android\b/i.test(phrases[index - 1] ?? ''),
  );
}

/** Where a name may be, the best place first: after `compatible;`, else outside of the browser's own comment. */
function places(text: string): string[][] {
  const [, afterCompatible = ''] = /\bcompatible\s*[;,]([^)]*)/i.exec(text) ?? [];
  const [, head, tail] = /^\W*moz\w*\/?[\d.]*\s*\(([^)]*)\)?(.*)$/is.exec(text) ?? [];
  if (head === undefined || tail === undefined) {
    const [first = '', ...others] = text.split(MARKS);
    return [phrasesIn(afterCompatible), [first], phrasesIn(others.join(';'))];
  }
  const inHead = phrasesIn(head);
  if (inHead.length === head.split(MARKS).filter((phrase) => phrase.trim()).length)
    return [phrasesIn(afterCompatible), inHead, tail.split(MARKS)];
  return [
    phrasesIn(afterCompatible),
    inHead.filter((phrase) => BOT_LIKE.test(phrase)),
    tail.split(MARKS),
    inHead,
  ];
}

/** The first product of the highest rank, in phrases that are ordered by place, the best first. */
function bestProduct(phrases: string[]): Product | null {
  let best: Product | null = null;
  for (const phrase of phrases)
    for (const product of productsIn(phrase)) {
      if (product.rank === 2) return product;
      if (best === null || product.rank > best.rank) best = product;
    }
  return best;
}

/** The beginning of a name, without half of a character at its end. */
function shortened(name: string): string {
  return name.slice(0, MAX_NAME_LENGTH).replace(/[\ud800-\udbff]$/, '');
}

/**
 * The product that a bot's User-Agent names: the one after `compatible;`, else the first that is not a browser's, else
 * `Unknown bot`. Never a word from a URL, an e-mail address or a version.
 */
export function botName(userAgent: string): string {
  const spaced = /\s/.test(userAgent) ? userAgent : userAgent.replaceAll('+', ' ');
  // Invisible characters, such as the joiners of Persian and a byte order mark, do not separate words.
  const plain = spaced.replace(/\p{Cf}+/gu, '').replace(/[^ -~\p{L}\p{M}]+/gu, ' ; ');
  const text = plain.replace(ADDRESS, ' ; ').replace(/(\w) \/ (\d)/g, '$1/$2');
  const product = bestProduct(places(text).flat());
  return product ? shortened(ownersSpelling(product.name)) : UNKNOWN_BOT;
}
