import * as z from 'zod';
import { accepted, type Contract, parsed, rejected } from './contract.ts';

// developers.google.com/workspace/chat: "Send messages to Google Chat with incoming webhooks" and "Cards v2".

const link = z.strictObject({ openLink: z.strictObject({ url: z.url({ protocol: /^https?$/ }) }) });
const widget = z.union([
  z.strictObject({
    decoratedText: z.strictObject({
      topLabel: z.string().optional(),
      text: z.string().min(1),
      wrapText: z.boolean().optional(),
    }),
  }),
  z.strictObject({
    buttonList: z.strictObject({
      buttons: z.array(z.strictObject({ text: z.string().min(1), onClick: link })).min(1),
    }),
  }),
]);
const card = z.strictObject({
  header: z.strictObject({ title: z.string().min(1), subtitle: z.string().optional() }).optional(),
  sections: z.array(z.strictObject({ widgets: z.array(widget).min(1).max(100) })).min(1),
});
const message = z.strictObject({
  text: z.string().max(4_096).optional(),
  fallbackText: z.string().optional(),
  cardsV2: z.array(z.strictObject({ cardId: z.string().max(64), card })).optional(),
});

const MAX_BYTES = 32_000;

const invalid = (text: string) =>
  rejected(400, { error: { code: 400, message: text, status: 'INVALID_ARGUMENT' } });

/** An incoming webhook of a space. Google's APIs reject names that they do not know. */
export const googleChatContract: Contract = (body) => {
  const sent = parsed(body);
  if (sent === undefined) return invalid('Invalid JSON payload received.');
  const { data, error } = message.safeParse(sent);
  if (error) {
    const unknown = error.issues.find((issue) => issue.code === 'unrecognized_keys')?.keys[0];
    return invalid(
      unknown === undefined
        ? error.message
        : `Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`,
    );
  }
  if (!data.text && !data.cardsV2?.length) return invalid('Message cannot be empty.');
  if (Buffer.byteLength(body) > MAX_BYTES) return invalid('Message is too long.');
  return accepted(200, JSON.stringify({ name: 'spaces/AAAA/messages/BBBB' }));
};
