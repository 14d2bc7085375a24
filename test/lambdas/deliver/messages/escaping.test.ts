import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { entities, oneLine, shortened } from '../../../../lambdas/deliver/messages/plain-text.ts';
import { writeMessage } from '../../../../lambdas/deliver/messages/receivers.ts';
import { anyClick, clickWith, HOSTILE } from './hostile.ts';

const ALL = HOSTILE.slice(0, 6).join(' ');
const message = (format: Parameters<typeof writeMessage>[0], name = ALL) =>
  JSON.parse(writeMessage(format, clickWith({ name, bot_name: name, browser_name: name })));

describe('Slack:', () => {
  test('values are plain text, or code in the text for notifications, with the three characters as entities', () => {
    const { text, blocks, unfurl_links, unfurl_media } = message('slack', '<!channel> & *a* `b`');
    expect(text).toContain('New click on `&lt;!channel&gt; &amp; *a* ˋbˋ`\n');
    expect(blocks[0].text).toEqual({
      type: 'plain_text',
      text: 'New click: &lt;!channel&gt; &amp; *a* `b`',
      emoji: false,
    });
    expect([unfurl_links, unfurl_media]).toEqual([false, false]);
  });

  test('text with markup has only our own words, a time and a link, whatever the click is', () => {
    fc.assert(
      fc.property(anyClick, (click) => {
        const { blocks } = JSON.parse(writeMessage('slack', click));
        const texts = blocks.flatMap(({ text, fields = [], elements = [] }: any) => [
          text,
          ...fields,
          ...elements,
        ]);
        for (const { text } of texts.filter((one: any) => one?.type === 'mrkdwn')) {
          expect(text).toMatch(
            /^(\*[A-Z][a-z ]+\*|<!date\^\d+\^[^|<>]+\|[\d: -]+UTC>|<https?:[^<>|]+\|Open the destination>)$/,
          );
        }
      }),
    );
  });

  test('the text has an even number of backticks on every line, so no value leaves its code', () => {
    fc.assert(
      fc.property(anyClick, (click) => {
        const { text } = JSON.parse(writeMessage('slack', click));
        expect(text).not.toMatch(/[<>]/);
        for (const line of text.split('\n')) expect(line.split('`')).toHaveLength(3);
      }),
    );
  });

  test('the destination cannot end its link', () => {
    const { blocks } = JSON.parse(
      writeMessage('slack', clickWith({ destination: 'https://a.example/?a|b>&c<d' })),
    );
    expect(blocks.at(-1).elements[1].text).toBe(
      '<https://a.example/?a%7Cb%3E&amp;c%3Cd|Open the destination>',
    );
  });

  test('a workflow receives flat keys with text, without brackets that start a mention', () => {
    fc.assert(
      fc.property(anyClick, (click) => {
        const keys = JSON.parse(writeMessage('slack-trigger', click));
        for (const value of Object.values(keys)) expect(value).toMatch(/^[^<>]+$/);
      }),
    );
  });
});

describe('Discord:', () => {
  test('nobody is mentioned', () => {
    expect(message('discord').allowed_mentions).toEqual({ parse: [] });
  });

  test('every mark of Markdown in a title or a value has a backslash', () => {
    fc.assert(
      fc.property(anyClick, (click) => {
        const [{ title, fields }] = JSON.parse(writeMessage('discord', click)).embeds;
        const values = [title.replace(/^(New|Test) click: /, ''), ...fields.map(({ value }: any) => value)];
        for (const value of values)
          expect(value.replace(/\\[\\*_~`|<>#@[\]():-]/g, '')).not.toMatch(/[\\*_~`|<>#@[\]():]/);
      }),
    );
  });
});

describe('Microsoft Teams:', () => {
  test('values are text runs, which are not Markdown, and only the destination opens something', () => {
    const [{ content }] = message('teams', '[x](https://evil.example) {{DATE(1)}} \u0024{x}').attachments;
    for (const { type, inlines } of content.body) {
      expect(type).toBe('RichTextBlock');
      for (const inline of inlines) expect(inline.type).toBe('TextRun');
    }
    const opened = JSON.stringify(content).match(/"url":"[^"]*"/g);
    expect(opened).toEqual(['"url":"https://example.com/landing-page"']);
    expect(content.body[0].inlines[0].text).toBe('New click: [x](https://evil.example) { {DATE(1)}} $ {x}');
  });
});

describe('Google Chat:', () => {
  test('tags and mentions are text', () => {
    fc.assert(
      fc.property(anyClick, (click) => {
        const { cardsV2, fallbackText } = JSON.parse(writeMessage('google-chat', click));
        expect(fallbackText).not.toMatch(/[<>]/);
        const { widgets } = cardsV2[0].card.sections[0];
        for (const { decoratedText } of widgets.filter((one: any) => one.decoratedText)) {
          expect(decoratedText.text).not.toMatch(/[<>]/);
          expect(decoratedText.text.replace(/&(amp|lt|gt);/g, '')).not.toContain('&');
        }
      }),
    );
  });
});

describe('a text that is cut', () => {
  test('is within its limit and ends between two characters or escapes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, max) => {
        const whole = [...text].map(entities).join('');
        const cut = shortened(text, max, entities);
        expect(cut.length).toBeLessThanOrEqual(max);
        expect(cut.isWellFormed()).toBe(true);
        if (whole.length <= max) expect(cut).toBe(whole);
        else expect(whole.startsWith(cut.slice(0, -1)) && cut.endsWith('…')).toBe(true);
        expect(cut.replace(/&(amp|lt|gt);/g, '')).not.toContain('&');
      }),
    );
  });

  test('keeps emoji whole and Persian joined', () => {
    expect(oneLine(' 👩‍💻 می‌خواهم ❤️ ')).toBe('👩‍💻 می‌خواهم ❤️');
  });

  test('is one line without anything that cannot be seen', () => {
    expect(oneLine('a\u0000b\u202ec\n d\u200be\ud800')).toBe('abc de\ufffd');
  });
});
