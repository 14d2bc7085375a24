import { type ClickText, factsOf } from './click-text.ts';
import { entities, replacing, shortened } from './plain-text.ts';

// A message has at most 32,000 bytes (developers.google.com/workspace/chat, "Send a message"). Cards read HTML tags such as
// `<b>` and `<a>` in the text of a widget, and nothing in its label.

const MAX_TEXT = 500;

/** Brackets that start neither a mention (`<users/all>`) nor a link in a text without cards. */
const inText = replacing({ '<': '‹', '>': '›' });

const fact = (topLabel: string, value: string) => ({
  decoratedText: { topLabel, text: shortened(value, MAX_TEXT, entities), wrapText: true },
});

/** The message for an incoming webhook of Google Chat: a card. */
export function googleChatMessage(text: ClickText): object {
  const { destinationUrl } = text;
  const open = {
    buttonList: {
      buttons: [{ text: 'Open the destination', onClick: { openLink: { url: destinationUrl } } }],
    },
  };
  const widgets = [
    fact('Link', text.name),
    ...factsOf(text).map(([label, value]) => fact(label, value)),
    fact('Time', text.timeText),
    ...(destinationUrl === null ? [] : [open]),
  ];
  return {
    fallbackText: shortened(`${text.title} on ${text.name}`, MAX_TEXT, inText),
    cardsV2: [{ cardId: text.id, card: { header: { title: text.title }, sections: [{ widgets }] } }],
  };
}
