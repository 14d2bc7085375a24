import { formatOf, RECEIVERS } from '../deliver/messages/receivers.ts';

/**
 * What the person who saves a webhook should know about it: that it receives messages in the format of a chat tool, and
 * where the documentation describes that. Undefined for a webhook that receives the payload.
 */
export function noteOf(hookUrl: string): string | undefined {
  if (!URL.canParse(hookUrl)) return undefined;
  const format = formatOf(new URL(hookUrl));
  const receiver = RECEIVERS.find((one) => one.format === format);
  if (!receiver) return undefined;
  return `This webhook receives messages for ${receiver.name} instead of the JSON payload: ${receiver.recipe}`;
}
