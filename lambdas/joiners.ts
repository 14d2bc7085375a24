// Zero-width joiners and non-joiners belong to some words and emoji. Everywhere else they are invisible, and two
// different texts look the same. The rule is that of RFC 5892, appendix A, applied by script instead of by letter.

/** Scripts with joining letters. A joiner or a non-joiner between two letters changes their shapes. */
const CURSIVE = ['Arabic', 'Syriac', 'Mongolian', 'Nko', 'Mandaic', 'Phags_Pa', 'Adlam', 'Hanifi_Rohingya'];
/** Scripts of South and Southeast Asia, where a virama joins consonants. */
const INDIC = [
  ...['Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada', 'Malayalam'],
  ...['Sinhala', 'Khmer', 'Myanmar', 'Balinese', 'Javanese', 'Sundanese', 'Meetei_Mayek'],
];
/** The viramas of these scripts. No Unicode property that a pattern can use identifies them. */
const VIRAMAS = [
  ...['\u094D', '\u09CD', '\u0A4D', '\u0ACD', '\u0B4D', '\u0BCD', '\u0C4D', '\u0CCD', '\u0D3B', '\u0D3C'],
  ...['\u0D4D', '\u0DCA', '\u1039', '\u103A', '\u17D2', '\u1B44', '\u1BAA', '\u1BAB', '\uA9C0', '\uAAF6'],
  '\uABED',
];

const lettersOf = (scripts: string[]) =>
  `[[\\p{L}\\p{M}]&&[${scripts.map((script) => `\\p{scx=${script}}`).join('')}]]`;
const JOINING = lettersOf(CURSIVE);
const VIRAMA = `[${VIRAMAS.join('')}]`;

/** Between joining letters; after a virama, also at the end of a word; and before a virama, as in Bengali ya-phalaa. */
const inWord = () =>
  new RegExp(
    [
      `(?<=${JOINING})[\u200C\u200D](?=${JOINING})`,
      `(?<=${lettersOf(INDIC)}${VIRAMA})[\u200C\u200D](?![\u200C\u200D])`,
      `(?<=${lettersOf(INDIC)})\u200D(?=${VIRAMA})`,
    ].join('|'),
    'gv',
  );

const PICTOGRAPH = String.raw`\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?`;
const JOINED_EMOJI = new RegExp(`${PICTOGRAPH}(\u200D${PICTOGRAPH})+`, 'gv');
const ONE_EMOJI = String.raw`^\p{RGI_Emoji}$`;
// Lives as long as the function instance. The list is long and takes 20 ms to compile, so it is created for the first
// joined emoji.
let oneEmoji: RegExp | undefined;
/** A character that is shown as text unless a variation selector or a skin tone follows. */
const TEXT_FIRST = /[\p{Emoji}--\p{Emoji_Presentation}](?!\p{Emoji_Modifier})/gv;
/** The flags of England, Scotland and Wales: a black flag and invisible letters. */
const TAGGED_FLAG = /\p{RGI_Emoji_Tag_Sequence}/gv;
const BLACK_FLAG = '\u{1F3F4}';

/** Whether joined emoji are one that Unicode recommends. Many keyboards leave out its variation selectors. */
function isOneEmoji(emoji: string): boolean {
  oneEmoji ??= new RegExp(ONE_EMOJI, 'v');
  return oneEmoji.test(emoji.replaceAll('\uFE0F', '').replace(TEXT_FIRST, '$&\uFE0F'));
}

/** Almost no text contains these. The other patterns take milliseconds to compile and are needed only for such text. */
const JOINER_OR_TAG = /\u200C|\u200D|\u{E007F}/u;

/**
 * A text without the invisible characters that belong to its words and emoji. Any invisible character in the result
 * does not belong there. Each word and emoji leaves at least one visible character.
 */
export function withoutJoiners(text: string): string {
  if (!JOINER_OR_TAG.test(text)) return text;
  return text
    .replace(TAGGED_FLAG, BLACK_FLAG)
    .replace(JOINED_EMOJI, (emoji) => (isOneEmoji(emoji) ? emoji.replaceAll('\u200D', '') : emoji))
    .replace(inWord(), '');
}
