import type { PublicLink } from '../../lambdas/core/link.ts';
import type { ClickCounts } from '../../lambdas/core/link-clicks.ts';
import type { Workspace } from '../../lambdas/core/workspace.ts';

/** What the API answered instead of what was asked for; `fields` has sentences by field. */
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
export type Settings = Workspace & { webhooks: string[] };

/** Fields of a link that are saved as they are; `webhooks` is a text with one URL per line. */
export type LinkInput = Partial<Omit<PublicLink, 'webhooks'>> & { webhooks?: string };

/** The API with one key. */
export type Api = ReturnType<typeof createApi>;

const OFFLINE = 'Clickhook does not answer: check your connection, then try again';

async function request<T>(key: string, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`/api/v1${path}`, {
    method,
    headers: { 'x-api-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ApiError(0, OFFLINE);
  });
  const value = await answer
    .json()
    .catch(() => ({ error: `Clickhook answered ${answer.status}: try again` }));
  if (!answer.ok) throw new ApiError(answer.status, value.message ?? value.error, value.errors);
  return value as T;
}

/** Calls of the API for the workspace of a key. */
export function createApi(key: string, workspaceId: number) {
  const call = <T>(method: string, path: string, body?: unknown) => request<T>(key, method, path, body);
  const workspace = `/workspace/${workspaceId}`;
  return {
    links: (query: Record<string, string>) =>
      call<LinkPage>('GET', `${workspace}/list_links?${new URLSearchParams(query)}`),
    link: (id: number) => call<FullLink>('GET', `/link/${id}`),
    saveLink: (fields: LinkInput & { id?: number }) => call<FullLink>('POST', '/link', fields),
    deleteLink: (id: number) => call<string>('DELETE', `${workspace}/links/${id}`),
    testHooks: (id: number) => call<{ payload: unknown }>('POST', `/link/${id}/webhooks/test`),
    settings: () => call<Settings>('GET', workspace),
    saveSettings: (fields: Record<string, unknown>) => call<Settings>('PATCH', workspace, fields),
  };
}

/**
 * Asks whose key this is.
 * @throws ApiError 401 for a key that opens nothing
 */
export async function workspaceOf(key: string): Promise<{ id: number; name: string }> {
  const [workspace] = await request<{ id: number; name: string }[]>(key, 'GET', '/workspaces');
  if (!workspace) throw new ApiError(404, 'This key opens no workspace');
  return workspace;
}
