import { type Hook, hookUrl } from '../hooks/hook.ts';

/**
 * A webhook that receives clicks, with its owner (the partition key of a link or a workspace). `stored` are all its
 * stored items: older versions stored several spellings of one URL.
 */
export type Subscriber = Hook & { owner: string; stored: Hook[] };

/** The webhooks of an owner, each URL once: of several spellings, the oldest receives the clicks. */
export function subscribersOf(owner: string, stored: Hook[]): Subscriber[] {
  const spellings = Map.groupBy(stored, ({ url }) => hookUrl(url));
  return [...spellings.values()].flatMap((same) => (same[0] ? [{ ...same[0], owner, stored: same }] : []));
}
