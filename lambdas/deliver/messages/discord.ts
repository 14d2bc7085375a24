import { type ClickText, factsOf } from './click-text.ts';
import { shortened } from './plain-text.ts';

// Limits: discord.com/developers/docs, "Embed Limits": a title has at most 256 characters, a field's value 1,024, and an
// embed 6,000 in all. Discord reads Markdown in titles and values, and a backslash before a mark shows the mark.

const MAX_TITLE = 256;
const MAX_VALUE = 700;

const MARKS = new Set('\\*_~`|<>#@[]():-');
const escaped = (character: string) => (MARKS.has(character) ? `\\${character}` : character);

const GREEN = 0x2e7d32;
const GREY = 0x757575;

/** Discord shows short facts next to each other. */
const WIDE = new Set(['Short link', 'Destination']);

/** The message for a webhook of Discord: an embed, which mentions nobody and whose links have no preview. */
export function discordMessage(text: ClickText): object {
  const { destinationUrl, isBot, time } = text;
  return {
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: shortened(`${text.title}: ${text.name}`, MAX_TITLE, escaped),
        ...(destinationUrl === null ? {} : { url: destinationUrl }),
        color: isBot ? GREY : GREEN,
        fields: factsOf(text).map(([name, value]) => ({
          name,
          value: shortened(value, MAX_VALUE, escaped),
          inline: !WIDE.has(name),
        })),
        timestamp: time.toISOString(),
      },
    ],
  };
}
