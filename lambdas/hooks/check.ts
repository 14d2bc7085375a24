import {
  allowedAddresses,
  type CheckedUrl,
  checkHookUrl,
  EgressRefused,
  NameUnresolved,
  PRIVATE_ADDRESS,
} from '../deliver/egress.ts';
import { formatProblem } from '../deliver/messages/receivers.ts';
import { conflict, invalidFields, notFound } from '../errors.ts';
import { hookTextProblem, trimmedUrl } from '../text.ts';
import { distinctHooks, type Hook, hookUrl, MAX_HOOK_URL_LENGTH, MAX_HOOKS_PER_OWNER } from './hook.ts';

/** When a webhook is saved, its host name is looked up once. This is the time limit. */
const SAVE_DNS_TIMEOUT_MS = 1_000;

/**
 * Checks a webhook URL before it is saved, and looks up its host name once. A host with a private address is rejected.
 * A host without an address is accepted, because it may exist later. Only this check rejects text that is not one clean
 * URL, so that webhooks stored earlier keep their deliveries.
 * @returns the URL in the normalised spelling that webhooks are compared by
 */
export async function checkHookUrlToSave(text: unknown): Promise<CheckedUrl> {
  const written = typeof text === 'string' ? trimmedUrl(text) : text;
  const problem = typeof written === 'string' ? hookTextProblem(written) : undefined;
  if (problem !== undefined) return { problem };
  const checked = checkHookUrl(written);
  if (checked.problem !== undefined) return checked;
  const wrongFormat = formatProblem(checked.url);
  if (wrongFormat !== undefined) return { problem: wrongFormat };
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
 * The URL of a webhook to check, in its normalised form. It may be one that the egress rules forbid: the check then
 * says why.
 * @throws ClientError 422 at `url` for text that is not one URL of a web server
 */
export function urlToCheck(text: unknown): string {
  const written = typeof text === 'string' ? trimmedUrl(text) : text;
  const isUrl = typeof written === 'string' && /^https?:/i.test(written) && URL.canParse(written);
  const problem =
    (typeof written === 'string' ? hookTextProblem(written) : undefined) ??
    (isUrl && written.length <= MAX_HOOK_URL_LENGTH
      ? formatProblem(new URL(written))
      : checkHookUrl(written).problem);
  if (problem !== undefined) throw invalidFields({ url: [problem] });
  return hookUrl(String(written));
}

/**
 * Checks lines of webhook URLs. Blank lines are skipped.
 * @returns the normalised URLs, without duplicates
 * @throws ClientError 422 at `webhooks` with a sentence for each wrong line
 */
export async function checkHookLines(sent: string[]): Promise<string[]> {
  const numbered = sent.map((line, index) => ({ line, number: index + 1 })).filter(({ line }) => line !== '');
  if (numbered.length > MAX_HOOKS_PER_OWNER) {
    throw invalidFields({ webhooks: [`may contain at most ${MAX_HOOKS_PER_OWNER} URLs`] });
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

/** Reduces runs of slashes to one, because some gateways fold them before a path reaches a function. */
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

/** The possible spellings of a webhook's URL in a path: as received, and decoded once more. */
function spellings(pathPart: string): string[] {
  const unfolded = (text: string) => hookUrl(text.replace(/^(https?:)\/+/i, '$1//'));
  return [...new Set([unfolded(pathPart), unfolded(decoded(pathPart))])];
}

/**
 * The webhook that `DELETE …/webhooks/:hook_id` names: an opaque id, or the percent-encoded URL of the webhook. An HTTP
 * API decodes the path before routing, may fold `//`, and may cut the path off at an encoded `?`. So a URL without a
 * query also matches a webhook whose query was cut off, if it is the only one.
 * @param pathPart the value of the greedy route parameter
 * @throws ClientError 404 when none matches, 409 when several do
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
      'Several webhooks match this URL. Delete with ?url= and the whole percent-encoded URL, or by hook_id.',
    );
  }
  return fits[0] ?? missing();
}

/**
 * The webhook that has this URL, in any of its spellings.
 * @throws ClientError 404 when there is none
 */
export function hookByUrl(hooks: Hook[], url: string): Hook {
  return hooks.find((hook) => hookUrl(hook.url) === hookUrl(url)) ?? missing();
}

function missing(): never {
  throw notFound();
}
