import * as z from 'zod';
import { accepted, type Contract, parsed, rejected } from './contract.ts';

// docs.slack.dev: "Sending messages using incoming webhooks", "Block Kit" and "Webhook triggers".

const plainText = (max: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
const markup = (max: number) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });
const text = (max: number) => z.union([plainText(max), markup(max)]);

const block = z.union([
  z.strictObject({ type: z.literal('header'), text: plainText(150) }),
  z.strictObject({ type: z.literal('section'), text: text(3_000) }),
  z.strictObject({ type: z.literal('section'), fields: z.array(text(2_000)).min(1).max(10) }),
  z.strictObject({ type: z.literal('context'), elements: z.array(text(3_000)).min(1).max(10) }),
]);
const blocks = z.array(block).max(50);

/** An incoming webhook. It ignores names that it does not know, so a payload has neither text nor blocks. */
export const slackContract: Contract = (body) => {
  const message = parsed(body) as { text?: unknown; blocks?: unknown } | undefined;
  if (typeof message !== 'object' || message === null) return rejected(400, 'invalid_payload');
  if (message.blocks !== undefined && !blocks.safeParse(message.blocks).success)
    return rejected(400, 'invalid_blocks');
  if (message.blocks === undefined && !message.text) return rejected(400, 'no_text');
  if (String(message.text).length > 40_000) return rejected(400, 'msg_too_long');
  return accepted(200, 'ok');
};

/** The variables that the workflow of the tests declares, all of the type text. */
const VARIABLES = ['text', 'link_name', 'short_url', 'destination', 'country', 'visitor', 'time'];

/** A workflow that starts with a webhook: every variable is a key of the body, and every value is text. */
export const slackTriggerContract: Contract = (body) => {
  const values = z.record(z.string(), z.string()).safeParse(parsed(body));
  if (!values.success || VARIABLES.some((name) => values.data[name] === undefined))
    return rejected(400, { ok: false, error: 'parameter_validation_failed' });
  return accepted(200, JSON.stringify({ ok: true }));
};
