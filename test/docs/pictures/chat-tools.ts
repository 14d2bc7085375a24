import { messagePicture, type Part } from './svg.ts';

// Each function reads a message as its chat tool does, and draws what people see.

type Facts = [string, string][];

const withoutEntities = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
const withoutBackslashes = (text: string) => text.replace(/\\([^a-zA-Z0-9\s])/g, '$1');

function slackFacts(fields: { text: string }[]): Facts {
  const texts = fields.map(({ text }) => withoutEntities(text));
  return texts.flatMap(
    (text, index): Facts => (index % 2 === 0 ? [[text.replaceAll('*', ''), texts[index + 1] ?? '']] : []),
  );
}

function slackPicture({ blocks }: any): string {
  const parts = blocks.map(({ type, text, fields, elements }: any): Part => {
    if (type === 'header') return { kind: 'title', text: withoutEntities(text.text) };
    if (type === 'section') return { kind: 'rows', facts: slackFacts(fields) };
    // A link and a time have their words after the last bar.
    const [time, link] = elements.map((one: any) => /\|([^|>]*)>$/.exec(one.text)?.[1]);
    return { kind: 'quiet', text: time, link };
  });
  return messagePicture({ tool: 'Slack', dark: false }, parts);
}

function discordPicture({ embeds: [embed] }: any): string {
  const facts = embed.fields.map(({ name, value, inline }: any) => [
    name,
    withoutBackslashes(value),
    !inline,
  ]);
  const bar = `#${embed.color.toString(16).padStart(6, '0')}`;
  return messagePicture({ tool: 'Discord', dark: true, bar }, [
    { kind: 'title', text: withoutBackslashes(embed.title), isLink: embed.url !== undefined },
    { kind: 'stacked', facts },
    { kind: 'quiet', text: embed.timestamp.slice(0, 16).replace('T', ' ') },
  ]);
}

function teamsPicture({ attachments: [{ content }] }: any): string {
  const [title, ...lines] = content.body;
  const facts = lines.map(({ inlines: [label, value] }: any) => [label.text.replace(/: $/, ''), value.text]);
  return messagePicture({ tool: 'Microsoft Teams', dark: false }, [
    { kind: 'title', text: title.inlines[0].text },
    { kind: 'lines', facts },
  ]);
}

function googleChatPicture({ cardsV2: [{ card }] }: any): string {
  const parts = card.sections[0].widgets.map(
    ({ decoratedText, buttonList }: any): Part =>
      buttonList
        ? { kind: 'button', text: buttonList.buttons[0].text }
        : {
            kind: 'stacked',
            facts: [[decoratedText.topLabel, withoutEntities(decoratedText.text), true]],
          },
  );
  return messagePicture({ tool: 'Google Chat', dark: false }, [
    { kind: 'title', text: card.header.title },
    ...parts,
  ]);
}

/** The picture of a message, by the name of its format. */
export const PICTURES: Record<string, (message: any) => string> = {
  slack: slackPicture,
  discord: discordPicture,
  teams: teamsPicture,
  'google-chat': googleChatPicture,
};
