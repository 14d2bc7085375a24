import { type ClickText, factsOf } from './click-text.ts';
import { entities, replacing, shortened } from './plain-text.ts';

// Limits: docs.slack.dev, Block Kit reference: a header has at most 150 characters, a field of a section 2,000, a section
// 10 fields, a message 50 blocks. Escaping: "Formatting message text": `&`, `<` and `>` as entities.

const MAX_HEADER = 150;
const MAX_FIELD = 500;
const FACTS_IN_A_SECTION = 5;

/** Text without any markup: no formatting, no mentions, no links. */
const plain = (text: string, max = MAX_FIELD) => ({
  type: 'plain_text',
  text: shortened(text, max, entities),
  emoji: false,
});

/** Text with markup. Only for our own words and for links. */
const markup = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });

/** A section that lists facts in two columns: labels and values. */
const section = (facts: [string, string][]) => ({
  type: 'section',
  fields: facts.flatMap(([label, value]) => [markup(`*${label}*`), plain(value)]),
});

/** A link with words of our own. A URL has no `<` and no `>`; `|` would end it. */
function link(url: string, words: string): string {
  return `<${shortened(url.replaceAll('|', '%7C'), Number.POSITIVE_INFINITY, entities)}|${words}>`;
}

/** A time that Slack shows in the time zone of its reader. */
const localTime = ({ time, timeText }: ClickText) =>
  `<!date^${Math.floor(time.getTime() / 1_000)}^{date_short_pretty} {time_secs}|${timeText}>`;

const inCode = replacing({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '`': 'ˋ' });
/** A value inside of `code`, where Slack, Mattermost and Rocket.Chat read no markup, no mention and no link. */
const code = (text: string) => `\`${shortened(text, MAX_FIELD, inCode)}\``;

/** The whole message as text: for notifications, and for tools that read Slack's format without its blocks. */
function wholeText(text: ClickText): string {
  const facts = [...factsOf(text), ['Time', text.timeText]];
  return [
    `${text.title} on ${code(text.name)}`,
    ...facts.map(([label, value = '']) => `${label}: ${code(value)}`),
  ].join('\n');
}

/**
 * The message for an incoming webhook of Slack. Previews of links are off, because they would open the links.
 */
export function slackMessage(text: ClickText): object {
  const facts = factsOf(text);
  const { destinationUrl } = text;
  const open = destinationUrl === null ? [] : [markup(link(destinationUrl, 'Open the destination'))];
  return {
    text: wholeText(text),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plain(`${text.title}: ${text.name}`, MAX_HEADER) },
      section(facts.slice(0, FACTS_IN_A_SECTION)),
      section(facts.slice(FACTS_IN_A_SECTION)),
      { type: 'context', elements: [markup(localTime(text)), ...open] },
    ],
  };
}

/** Brackets that start no mention. A workflow inserts a value into a message as it is, so entities would be seen. */
const inVariable = replacing({ '<': '‹', '>': '›' });

/** The keys of a workflow that starts with a webhook, as its variables. Slack accepts only text as values. */
export function slackTriggerKeys(text: ClickText): Record<string, string> {
  const values = {
    text: `${text.title} on ${text.name}`,
    link_name: text.name,
    short_url: text.shortUrl,
    destination: text.destination,
    country: text.country,
    platform: text.platform,
    browser: text.browser,
    referrer: text.referrer,
    visitor: text.visitor,
    time: text.timeText,
    click_id: text.id,
  };
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, shortened(value, MAX_FIELD, inVariable)]),
  );
}
