import * as z from 'zod';
import { accepted, type Contract, parsed, rejected } from './contract.ts';

// discord.com/developers/docs: "Execute Webhook", "Embed Limits" and "JSON Error Codes".

const httpUrl = z
  .string()
  .max(2_048)
  .regex(/^https?:/);

const field = z.object({
  name: z.string().trim().min(1).max(256),
  value: z.string().trim().min(1).max(1_024),
  inline: z.boolean().optional(),
});
const embed = z.object({
  title: z.string().max(256).optional(),
  description: z.string().max(4_096).optional(),
  url: httpUrl.optional(),
  timestamp: z.iso.datetime({ offset: true }).optional(),
  color: z.int().min(0).max(0xffffff).optional(),
  fields: z.array(field).max(25).optional(),
});
const message = z.object({
  content: z.string().max(2_000).optional(),
  embeds: z.array(embed).max(10).optional(),
  allowed_mentions: z.object({ parse: z.array(z.enum(['roles', 'users', 'everyone'])) }).optional(),
});

/** The text of all embeds, which has a limit of its own. */
const lengthOf = ({ title = '', description = '', fields = [] }: z.infer<typeof embed>) =>
  [title, description, ...fields.flatMap(({ name, value }) => [name, value])].join('').length;

/** A webhook without `?wait`: it answers 204. */
export const discordContract: Contract = (body) => {
  const { data, error } = message.safeParse(parsed(body));
  const invalid = (errors: unknown) => rejected(400, { message: 'Invalid Form Body', code: 50035, errors });
  if (error) return invalid(z.treeifyError(error));
  const { content = '', embeds = [] } = data;
  if (content === '' && embeds.length === 0)
    return rejected(400, { message: 'Cannot send an empty message', code: 50006 });
  const total = embeds.reduce((sum, one) => sum + lengthOf(one), 0);
  if (total > 6_000) return invalid({ embeds: ['MAX_EMBED_SIZE_EXCEEDED'] });
  return accepted(204);
};
