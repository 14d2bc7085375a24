import type { ClickMessage } from '../clicks/click.ts';
import { count, logger } from '../telemetry.ts';

/** The outcome of a delivery. `reason` is a fixed word that can be a metric dimension. */
export type PostOutcome =
  | { kind: 'delivered'; status: number }
  | { kind: 'refused' }
  | { kind: 'failed'; reason: 'dns' | 'connect' | 'tls' | 'timeout' | 'status'; status?: number };

/** One delivery of a click. Only the host of its webhook, because paths and queries can contain secrets. */
export type Delivery = { click: ClickMessage; host: string; outcome: PostOutcome };

/**
 * Writes one log line for the deliveries of a link to a host that had the same outcome. A line for each delivery would
 * be the largest part of the log.
 */
function log(deliveries: Delivery[]): void {
  const [first] = deliveries;
  if (!first) return;
  const { kind, ...details } = first.outcome;
  logger.info(`Webhook ${kind}`, {
    link_id: first.click.link_id,
    host: first.host,
    ...details,
    deliveries: deliveries.length,
    click_ids: [...new Set(deliveries.map(({ click }) => click.payload.click.id))],
  });
}

/** Counts deliveries by outcome, and failures by reason. */
function countPosts(outcome: PostOutcome, posts: number): void {
  if (outcome.kind === 'failed') count('PostFailed', posts, { reason: outcome.reason });
  else count(outcome.kind === 'delivered' ? 'PostDelivered' : 'PostRefused', posts);
}

/** Logs and counts the deliveries of an invocation. Once, at its end, because a line costs more than a delivery. */
export function reportDeliveries(deliveries: Delivery[]): void {
  const alike = Map.groupBy(deliveries, ({ click, host, outcome }) =>
    JSON.stringify([click.link_id, host, outcome]),
  );
  for (const same of alike.values()) log(same);
  const kinds = Map.groupBy(deliveries, ({ outcome }) =>
    outcome.kind === 'failed' ? outcome.reason : outcome.kind,
  );
  for (const [first, ...others] of kinds.values()) {
    if (first) countPosts(first.outcome, 1 + others.length);
  }
}
