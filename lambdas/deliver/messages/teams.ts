import { type ClickText, factsOf } from './click-text.ts';
import { shortened } from './plain-text.ts';

// A message for Teams has at most 28 KB (learn.microsoft.com, "Create and send messages"). Values are text runs, the only
// text of an Adaptive Card that is not read as Markdown (adaptivecards.io, RichTextBlock).

const MAX_TEXT = 500;

/** `{{DATE(…)}}` and `${…}` are functions and templates of cards, so their brackets are separated. */
const withoutFunctions = (text: string) => text.replace(/[{$](?=\{)/g, '$& ');

type Run = { type: 'TextRun'; text: string; [property: string]: unknown };

const run = (text: string, style: object = {}): Run => ({
  type: 'TextRun',
  text: shortened(withoutFunctions(text), MAX_TEXT),
  ...style,
});

const line = (inlines: Run[], style: object = {}) => ({ type: 'RichTextBlock', inlines, ...style });

/** The message for a workflow of Teams that posts the cards it receives. */
export function teamsMessage(text: ClickText): object {
  const { destinationUrl } = text;
  const opens = { selectAction: { type: 'Action.OpenUrl', url: destinationUrl } };
  const facts = [...factsOf(text), ['Time', text.timeText]].map(([label = '', value = '']) => {
    const links = label === 'Destination' && destinationUrl !== null;
    return line([run(`${label}: `, { weight: 'Bolder' }), run(value, links ? opens : {})], {
      spacing: 'Small',
    });
  });
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    fallbackText: text.title,
    body: [line([run(`${text.title}: ${text.name}`, { size: 'Medium', weight: 'Bolder' })]), ...facts],
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}
