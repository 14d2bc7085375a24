import * as z from 'zod';
import { accepted, type Contract, parsed, rejected } from './contract.ts';

// learn.microsoft.com: "Create incoming webhooks with Workflows" and the schema of Adaptive Cards on adaptivecards.io.

const opens = z.strictObject({ type: z.literal('Action.OpenUrl'), url: z.url({ protocol: /^https?$/ }) });
const run = z.strictObject({
  type: z.literal('TextRun'),
  text: z.string().min(1),
  weight: z.enum(['Default', 'Lighter', 'Bolder']).optional(),
  size: z.enum(['Small', 'Default', 'Medium', 'Large', 'ExtraLarge']).optional(),
  selectAction: opens.optional(),
});
const element = z.strictObject({
  type: z.literal('RichTextBlock'),
  inlines: z.array(run).min(1),
  spacing: z.enum(['None', 'Small', 'Default', 'Medium', 'Large']).optional(),
});
const card = z.strictObject({
  $schema: z.string(),
  type: z.literal('AdaptiveCard'),
  version: z.enum(['1.0', '1.1', '1.2', '1.3', '1.4', '1.5']),
  fallbackText: z.string().optional(),
  body: z.array(element).min(1),
});
const message = z.object({
  type: z.literal('message'),
  attachments: z
    .array(
      z.object({
        contentType: z.literal('application/vnd.microsoft.card.adaptive'),
        contentUrl: z.null(),
        content: card,
      }),
    )
    .min(1),
});

const MAX_BYTES = 28 * 1024;

/** A workflow's webhook. It accepts any JSON, and its run fails afterwards: people see nothing. */
export const teamsContract: Contract = (body) => {
  const sent = parsed(body);
  if (sent === undefined) return rejected(400, { error: { code: 'InvalidRequestContent' } });
  const shown = message.safeParse(sent).success && Buffer.byteLength(body) <= MAX_BYTES;
  return { ...accepted(202), shown };
};
