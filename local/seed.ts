import type { RunningStack } from './stack.ts';
import { StackError } from './stack-error.ts';

const WORKSPACE_ID = 1;

type Link = { id: number; slug: string; url: string };
type Hook = { url: string };

/** Workspace 1 with this key, made by the stack's own function. */
async function seedWorkspace(stack: RunningStack, key: string): Promise<void> {
  for (const request of [
    { workspace_id: WORKSPACE_ID, key },
    { name: 'My workspace', key },
  ]) {
    const result = await stack.invoke('WorkspacesCreate', request);
    if ('error' in result)
      throw new StackError(`The workspace could not be made: ${result.error.errorMessage}`);
    const answer = result.value as { id?: number; error?: string; code?: string };
    if (answer.id === WORKSPACE_ID) return;
    if (answer.code !== 'not_found') {
      throw new StackError(
        `CLICKHOOK_API_KEY can't be the key of workspace 1: ${answer.error ?? 'it opens another workspace'}`,
      );
    }
  }
}

function apiClient(stack: RunningStack, key: string) {
  return async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${stack.port}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = (await response.json()) as T & { error?: string; errors?: { slug?: unknown } };
    // A slug that is taken although no list shows it is the link in the trash: the user's own wish.
    if (response.ok || answer.errors?.slug) return answer;
    throw new StackError(`The sample link could not be made (${method} ${path}): ${answer.error}`);
  };
}

/** Sees to workspace 1, the link /hello and a webhook to the inbox of this port; repeating it changes nothing. */
export async function seed(stack: RunningStack, key: string): Promise<void> {
  await seedWorkspace(stack, key);
  const call = apiClient(stack, key);
  const inbox = `${stack.url}/inbox`;
  const ofAnotherPort = (url: string, path: string) =>
    new RegExp(`^http://localhost(:\\d+)?${path}$`).test(url) && !url.startsWith(`${inbox}`);

  const { links } = await call<{ links: Link[] }>(
    'GET',
    `/workspace/${WORKSPACE_ID}/list_links?search=/hello`,
  );
  const hello = links.find((link) => link.slug === '/hello');
  if (!hello) await call('POST', '/link', { slug: '/hello', name: 'Hello', url: inbox });
  else if (ofAnotherPort(hello.url, '/inbox')) await call('POST', '/link', { id: hello.id, url: inbox });

  const hooksPath = `/workspace/${WORKSPACE_ID}/webhooks`;
  const hooks = await call<Hook[]>('GET', hooksPath);
  for (const { url } of hooks.filter((hook) => ofAnotherPort(hook.url, '/inbox/clicks'))) {
    await call('DELETE', `${hooksPath}?url=${encodeURIComponent(url)}`);
  }
  await call('POST', hooksPath, { url: `${inbox}/clicks` });
}
