import pLimit from 'p-limit';
import type { ClickMessage } from '../clicks/click-message.ts';
import type { Hook } from '../hooks/hook.ts';
import { count, logger } from '../telemetry.ts';
import { type Posted, type PostOutcome, post } from './post.ts';
import type { Subscribers } from './read-subscribers.ts';
import { signatureHeaders } from './signature.ts';
import type { Sockets } from './sockets.ts';

/** One log line for each POST: the host alone, because secrets live in paths and queries. */
function log(click: ClickMessage, hook: Hook, outcome: PostOutcome): void {
  const { kind, ...details } = outcome;
  const { host } = new URL(hook.url);
  logger.info(`Webhook ${kind}`, { click_id: click.click_id, link_id: click.link_id, host, ...details });
}

/** Counts posts that had this outcome; failures are told apart by their reason. */
function countPosts(outcome: PostOutcome, posts: number): void {
  if (outcome.kind === 'failed') count('PostFailed', posts, { reason: outcome.reason });
  else count(outcome.kind === 'delivered' ? 'PostDelivered' : 'PostRefused', posts);
}

/** Lets no more posts run than there may be sockets; a post's turn lasts until its socket is free again. */
function turns(max: number): (start: () => Promise<Posted>) => Promise<PostOutcome> {
  const limit = pLimit(max);
  return (start) =>
    new Promise((resolve, reject) => {
      limit(async () => {
        const { outcome, over } = await start();
        resolve(outcome);
        await over;
      }).catch(reject);
    });
}

export type Poster = {
  /** Posts a click to its hooks and logs each post. Never rejects. */
  postAll: (click: ClickMessage, to: Subscribers) => Promise<void>;
  /** Writes how many posts had which outcome, once for all: a metric costs more than the post that it counts. */
  countOutcomes: () => void;
};

/** Posts clicks to their hooks, under one cap of sockets for the whole invocation, oldest click first. */
export function poster(sockets: Sockets): Poster {
  const inTurn = turns(sockets.max);
  const outcomes: PostOutcome[] = [];
  return {
    postAll: async (click, { hooks, secret }) => {
      const payload = JSON.stringify(click.payload);
      const posts = hooks.map(async (hook) => {
        const outcome = await inTurn(() => {
          const signed = { clickId: click.click_id, hookId: hook.hook_id, now: new Date() };
          return post(hook.url, payload, sockets, signatureHeaders(secret, signed, payload));
        });
        outcomes.push(outcome);
        log(click, hook, outcome);
      });
      await Promise.all(posts);
    },
    countOutcomes: () => {
      const kinds = Map.groupBy(outcomes, (one) => (one.kind === 'failed' ? one.reason : one.kind));
      for (const [first, ...others] of kinds.values()) {
        if (first) countPosts(first, 1 + others.length);
      }
    },
  };
}
