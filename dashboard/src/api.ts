import type { ClickCounts, PublicLink } from '../../lambdas/links/link.ts';
import type { SigningSecret } from '../../lambdas/signing-secrets/signing-secret.ts';
import type { Workspace } from '../../lambdas/workspaces/workspace.ts';

/** An error response of the API. `fields` has the sentences by field. */
export class ApiError extends Error {
  readonly status: number;
  readonly fields: Record<string, string[]>;

  constructor(status: number, sentence: string, fields: Record<string, string[]> = {}) {
    super(sentence);
    this.status = status;
    this.fields = fields;
  }
}

export type ListedLink = PublicLink & ClickCounts;
export type LinkPage = { links: ListedLink[]; total_entries: number; total_pages: number };
export type FullLink = PublicLink & { webhooks: string[] };
export type Key = { prefix: string; created_at: string; current: boolean };
export type Settings = Workspace & { webhooks: string[] };

/** Fields of a link that are sent as they are. `webhooks` is text with one URL per line. */
export type LinkInput = Partial<Record<keyof PublicLink, unknown>> & { webhooks?: string | undefined };

/** The values that have changed. The others are not sent, so that changes in another tab stay. */
export function changedValues<T extends object>(before: T, after: T): Partial<T> {
  const names = Object.keys(after) as (keyof T)[];
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return Object.fromEntries(changed.map((name) => [name, after[name]])) as Partial<T>;
}

/** Calls the API with a key. */
export type Api = ReturnType<typeof createApi>;

const OFFLINE = 'Clickhook does not respond. Check your connection, then try again.';

async function request<T>(key: string, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`/api/v1${path}`, {
    method,
    headers: { 'x-api-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ApiError(0, OFFLINE);
  });
  const value: any = await answer
    .json()
    .catch(() => ({ error: `Clickhook responded with status ${answer.status}. Try again.` }));
  if (!answer.ok) throw new ApiError(answer.status, value.message ?? value.error, value.errors);
  return value as T;
}

/** The API calls for the workspace of a key. */
export function createApi(key: string, workspaceId: number) {
  const call = <T>(method: string, path: string, body?: unknown) => request<T>(key, method, path, body);
  const workspace = `/workspace/${workspaceId}`;
  return {
    links: (query: Record<string, string>) =>
      call<LinkPage>('GET', `${workspace}/list_links?${new URLSearchParams(query)}`),
    link: (id: number) => call<FullLink>('GET', `/link/${id}`),
    saveLink: (fields: LinkInput) => call<FullLink>('POST', '/link', fields),
    deleteLink: (id: number) => call<string>('DELETE', `${workspace}/links/${id}`),
    testHooks: (id: number) =>
      call<{ message: string; webhooks: number }>('POST', `/link/${id}/webhooks/test`),
    domains: () => call<{ domains: { name: string }[] }>('GET', `${workspace}/domains`),
    keys: () => call<Key[]>('GET', `${workspace}/keys`),
    makeKey: () => call<{ key: string; prefix: string }>('POST', `${workspace}/keys`),
    revokeKey: (prefix: string) => call<unknown>('DELETE', `${workspace}/keys/${encodeURIComponent(prefix)}`),
    signingSecret: () => call<SigningSecret>('GET', `${workspace}/signing-secret`),
    rotateSecret: () => call<SigningSecret>('POST', `${workspace}/signing-secret`),
    removeSecret: () => call<unknown>('DELETE', `${workspace}/signing-secret`),
    settings: () => call<Settings>('GET', workspace),
    saveSettings: (fields: Record<string, unknown>) => call<Settings>('PATCH', workspace, fields),
  };
}

/**
 * Finds the workspace of a key.
 * @throws ApiError 401 for an invalid key
 */
export async function workspaceOf(key: string): Promise<{ id: number; name: string }> {
  const [workspace] = await request<{ id: number; name: string }[]>(key, 'GET', '/workspaces');
  if (!workspace) throw new ApiError(404, 'This key has no workspace. Sign in with another key.');
  return workspace;
}
