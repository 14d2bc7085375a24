import {
  allowedAddresses,
  type CheckedUrl,
  checkHookUrl,
  EgressRefused,
  NameUnresolved,
  PRIVATE_ADDRESS,
} from '../deliver/egress.ts';
import { conflict, invalidFields, notFound } from '../errors.ts';
import { hookTextProblem, trimmedUrl } from '../text.ts';
import { distinctHooks, type Hook, hookUrl, MAX_HOOKS_PER_OWNER } from './hook.ts';

/** When a webhook is saved its name is looked up once, for this long at most. */
const SAVE_DNS_TIMEOUT_MS = 1_000;

/**
 * Checks a webhook URL that is to be saved, with one look-up of its name: one that leads to a private
 * address is refused, one that has no address is accepted, because it may come to life later. Text that is not one
 * clean URL is refused here alone, so that what was stored before keeps its deliveries.
 * @returns the URL in the one spelling that webhooks are compared by
 */
export async function checkHookUrlToSave(text: unknown): Promise<CheckedUrl> {
  const written = typeof text === 'string' ? trimmedUrl(text) : text;
  const problem = typeof written === 'string' ? hookTextProblem(written) : undefined;
  if (problem !== undefined) return { problem };
  const checked = checkHookUrl(written);
  if (checked.problem !== undefined) return checked;
  try {
    await allowedAddresses(checked.url.hostname, SAVE_DNS_TIMEOUT_MS);
  } catch (error) {
    if (error instanceof EgressRefused) return { problem: PRIVATE_ADDRESS };
    if (!(error instanceof NameUnresolved)) throw error;
  }
  const href = hookUrl(checked.href);
  return { href, url: new URL(href) };
}

/**
 * Checks lines of webhook URLs; blank ones are skipped.
 * @returns the URLs, normalised, each once
 * @throws ClientError 422 at `webhooks` with a sentence for each line at fault
 */
export async function checkHookLines(sent: string[]): Promise<string[]> {
  const numbered = sent.map((line, index) => ({ line, number: index + 1 })).filter(({ line }) => line !== '');
  if (numbered.length > MAX_HOOKS_PER_OWNER) {
    throw invalidFields({ webhooks: [`may hold at most ${MAX_HOOKS_PER_OWNER} URLs`] });
  }
  const results = await Promise.all(numbered.map(({ line }) => checkHookUrlToSave(line)));
  const urls = new Set<string>();
  const problems: string[] = [];
  for (const [index, checked] of results.entries()) {
    if (checked.problem === undefined) urls.add(checked.href);
    else problems.push(`line ${numbered[index]?.number} ${checked.problem}`);
  }
  if (problems.length > 0) throw invalidFields({ webhooks: problems });
  return [...urls];
}

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
