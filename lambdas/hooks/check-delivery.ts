import type { ClickMessage } from '../clicks/click.ts';
import { checkHookUrl } from '../deliver/egress.ts';
import { poster } from '../deliver/post.ts';
import { openSockets } from '../deliver/sockets.ts';
import { readSigningSecret } from '../signing-secrets/store.ts';
import { adviceOn } from './advice/advice.ts';
import type { Finding, Timings } from './advice/finding.ts';
import { hookId } from './hook.ts';
import { watch } from './watch.ts';

/** The result of a check, as the API returns it. */
export type CheckResult = {
  url: string;
  outcome: 'delivered' | 'refused' | 'failed';
  reason: 'dns' | 'connect' | 'tls' | 'timeout' | 'status' | null;
  status: number | null;
  message: string;
  timings: Timings;
  response_body: string | null;
};

function resultOf(url: string, finding: Finding): CheckResult {
  const { outcome, timings, response } = finding;
  return {
    url,
    outcome: outcome.kind,
    reason: outcome.kind === 'failed' ? outcome.reason : null,
    status: 'status' in outcome ? (outcome.status ?? null) : null,
    message: adviceOn(finding),
    timings,
    response_body: response?.body ?? null,
  };
}

/**
 * Delivers a sample click to one URL at once, by the same code, rules and time limit as every delivery. Logs, counts
 * and stores nothing.
 * @param url a full URL, normalised. It need not be saved.
 * @param owner the partition key of the link or the workspace that the webhook would belong to
 */
export async function checkDelivery(click: ClickMessage, url: string, owner: string): Promise<CheckResult> {
  const secret = await readSigningSecret(click.workspace_id);
  const hook = { hook_id: hookId(owner, url), url, created_at: click.payload.timestamp, owner, stored: [] };
  const { observer, finding } = watch(new URL(url), checkHookUrl(url).problem);
  const sockets = openSockets();
  try {
    await poster(sockets, observer).postAll(click, { hooks: [hook], secret });
    return resultOf(url, await finding());
  } finally {
    await sockets.close();
  }
}
