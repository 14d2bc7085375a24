import type { ClickMessage } from '../clicks/click-message.ts';
import { ENV, requiredEnv } from '../env.ts';
import type { Hook } from '../hooks/hook.ts';
import { readHooks } from '../hooks/store.ts';
import type { SigningSecret } from '../signing-secrets/signing-secret.ts';
import { readSigningSecret } from '../signing-secrets/store.ts';
import { partition } from '../table.ts';
import { TABLE_BUDGET_MS, table } from './tables.ts';

/** Who gets a click: the hooks of both its levels, and what their posts are signed with. */
export type Subscribers = { hooks: Hook[]; secret: SigningSecret | null };

/** Reads each key at most once. */
function once<K, V>(read: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const known = new Map<K, Promise<V>>();
  return (key) => {
    const value = known.get(key) ?? read(key);
    known.set(key, value);
    return value;
  };
}

/**
 * Reads who gets the clicks of one batch, each owner and each workspace once. Both levels fire, the
 * same URL on both twice.
 */
export function subscribersReader(): (click: ClickMessage) => Promise<Subscribers> {
  const signal = AbortSignal.timeout(TABLE_BUDGET_MS);
  const from = () => ({ table, tableName: requiredEnv(ENV.tableName), abortSignal: signal });
  const hooksOf = once(async (owner: string) => readHooks(owner, from()));
  const secretOf = once(async (workspaceId: number) => readSigningSecret(workspaceId, from()));
  return async ({ link_id, workspace_id }) => {
    const [ofLink, ofWorkspace, secret] = await Promise.all([
      hooksOf(partition.link(link_id)),
      hooksOf(partition.workspace(workspace_id)),
      secretOf(workspace_id),
    ]);
    return { hooks: [...ofLink, ...ofWorkspace], secret };
  };
}
