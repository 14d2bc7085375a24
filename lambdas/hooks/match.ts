import { conflict, notFound } from '../errors.ts';
import type { Hook } from './hook.ts';
import { distinctHooks, hookUrl } from './hook-url.ts';

/** Runs of slashes as one: some gateways fold them before a path reaches a function. */
function folded(url: string): string {
  return url.replace(/\/{2,}/g, '/');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The spellings that a hook's URL may have in a path: as it came, and decoded once more. */
function spellings(pathPart: string): string[] {
  const unfolded = (text: string) => hookUrl(text.replace(/^(https?:)\/+/i, '$1//'));
  return [...new Set([unfolded(pathPart), unfolded(decoded(pathPart))])];
}

/**
 * The hook that `DELETE …/webhooks/:hook_id` means: an opaque id, or the hook's URL, percent-encoded.
 * An HTTP API decodes the path before routing, may fold `//` and may cut it off at an encoded `?`;
 * so a URL without a query also stands for a hook whose query was cut off, when it is the only one.
 * @param pathPart what the greedy route parameter holds
 * @throws ClientError 404 when none fits, 409 when several do
 */
export function hookByPath(hooks: Hook[], pathPart: string): Hook {
  const byId = hooks.find((hook) => hook.hook_id === pathPart);
  if (byId) return byId;
  const wanted = new Set(spellings(pathPart).map(folded));
  const fits = distinctHooks(hooks).filter((hook) => {
    const url = hookUrl(hook.url);
    return wanted.has(folded(url)) || wanted.has(folded(hookUrl(url.split('?', 1)[0] ?? '')));
  });
  if (fits.length > 1) {
    throw conflict(
      'Several webhooks fit this URL: delete with ?url= and the whole percent-encoded URL, or by hook_id',
    );
  }
  return fits[0] ?? missing();
}

/**
 * The hook whose URL is this one, in any of its spellings.
 * @throws ClientError 404 when there is none
 */
export function hookByUrl(hooks: Hook[], url: string): Hook {
  return hooks.find((hook) => hookUrl(hook.url) === hookUrl(url)) ?? missing();
}

function missing(): never {
  throw notFound();
}
