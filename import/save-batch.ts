import type { PublicLink } from '../lambdas/links/link.ts';
import { type ApiClient, type Reply, readLinks, readTrash } from './client.ts';
import type { Write } from './decide.ts';
import type { RowResult } from './report.ts';
import { differing, fingerprint, KnownLinks } from './row-link.ts';

/** The result of a link to write. */
export type Saved =
  | { write: Write; result: Exclude<RowResult, 'refused'>; link: PublicLink }
  | { write: Write; result: 'refused'; reason: string };

/** The index that lists are read from lags behind a write whose response was lost. */
const LOOKUPS_AFTER_LOSS = 3;

/** Writes batches of links, each link once, even when responses are lost. */
export class Saver {
  readonly #client: ApiClient;
  readonly #workspaceId: number;
  #highestId: number;

  /** @param highestId the highest id in the workspace, because new links get higher ids */
  constructor(client: ApiClient, workspaceId: number, highestId: number) {
    this.#client = client;
    this.#workspaceId = workspaceId;
    this.#highestId = highestId;
  }

  /**
   * Writes links. After a lost response it checks which of them exist now, and sends the others again.
   * @throws ImportStopped when the server cannot be reached any more, or rejects the key
   */
  async save(writes: Write[]): Promise<Saved[]> {
    const afterId = this.#highestId;
    const saved: Saved[] = [];
    let pending = writes;
    for (let lostCalls = 0, wasLost = false; pending.length > 0; ) {
      const outcome = await this.#client.send(
        'POST',
        `/workspace/${this.#workspaceId}/links`,
        pending.map(({ body }) => body),
      );
      const result =
        'lost' in outcome
          ? { saved: [], retry: pending, lost: outcome.lost }
          : await this.#read(outcome, pending, afterId, wasLost);
      saved.push(...result.saved);
      pending = result.retry;
      if (result.lost === undefined) {
        lostCalls = 0;
        continue;
      }
      await this.#client.pauseAfterLoss(lostCalls++, result.lost);
      wasLost = true;
      const found = await this.#find(pending, afterId, true);
      saved.push(...found);
      pending = without(pending, found);
    }
    for (const one of saved) {
      if (one.result !== 'refused') this.#highestId = Math.max(this.#highestId, one.link.id);
    }
    return saved;
  }

  async #read(reply: Reply, sent: Write[], afterId: number, wasLost: boolean) {
    const { saved, slugTaken, retry, sendAlone, ambiguous } = readReply(reply, sent);
    if (sendAlone) {
      for (const write of sent) saved.push(...(await this.save([write])));
    }
    const writes = slugTaken.map(({ write }) => write);
    const found = await this.#findTaken(writes, afterId, wasLost);
    const others = slugTaken.filter(({ write }) => !found.some((one) => one.write === write));
    const lost = ambiguous ? 'it was too busy to save all links' : undefined;
    return { saved: [...saved, ...found, ...others], retry, lost };
  }

  /** Finds links whose slug is taken now: by this import, if a response was lost, or by another one. */
  async #findTaken(writes: Write[], afterId: number, wasLost: boolean): Promise<Saved[]> {
    const found: Saved[] = [];
    const lookups = wasLost ? LOOKUPS_AFTER_LOSS : 1;
    for (let lookup = 0; lookup < lookups && writes.length > found.length; lookup++) {
      if (lookup > 0) await this.#client.pauseAfterLoss(lookup, 'the slug is taken');
      found.push(...(await this.#find(without(writes, found), afterId, wasLost)));
    }
    return found;
  }

  /** Finds new links that now exist, with an id after that one. `byUs`: this import may have created them. */
  async #find(writes: Write[], afterId: number, byUs: boolean): Promise<Saved[]> {
    const wanted = new Map(
      writes.filter(({ id }) => id === null).map((write) => [KnownLinks.addressOf(write.link), write]),
    );
    if (wanted.size === 0) return [];
    const found: Saved[] = [];
    const compare = (links: PublicLink[]) => {
      for (const link of links) {
        const write = wanted.get(KnownLinks.addressOf(link));
        if (write) found.push(compareFound(write, link, byUs));
      }
    };
    for await (const links of readLinks(this.#client, this.#workspaceId, afterId)) compare(links);
    if (writes.some(({ link }) => link.deleted)) compare(await readTrash(this.#client, this.#workspaceId));
    return found;
  }
}

function compareFound(write: Write, link: PublicLink, byUs: boolean): Saved {
  const differs = differing(fingerprint(link), write.link);
  if (differs.length === 0) return { write, result: byUs ? 'imported' : 'there', link };
  const reason = `${KnownLinks.addressOf(link)} was created by another client during the import, with another ${differs.join(', ')}. Import again to compare it`;
  return { write, result: 'refused', reason };
}

function without(writes: Write[], saved: Saved[]): Write[] {
  const done = new Set(saved.map(({ write }) => write));
  return writes.filter((write) => !done.has(write));
}

/** What a response says about the links that were sent. */
type BatchResult = {
  saved: Saved[];
  /** Rejected because the slug is taken, possibly by this very link. */
  slugTaken: Extract<Saved, { result: 'refused' }>[];
  /** Not written because of other links in the same call, or perhaps not written. */
  retry: Write[];
  /** Whether some links may or may not have been written, so that the import has to check after a pause. */
  ambiguous?: boolean;
  /** Whether the response says nothing about single links, so that each has to be sent alone. */
  sendAlone?: boolean;
};

type FieldErrors = Record<string, string[]>;

/** The errors of each link of a call. Their keys look like `2.slug`. */
function errorsByLink(errors: FieldErrors = {}): Map<number, FieldErrors> {
  const byLink = new Map<number, FieldErrors>();
  for (const [key, sentences] of Object.entries(errors)) {
    const [, index, field] = /^(\d+)\.(.+)$/.exec(key) ?? [];
    if (index === undefined || field === undefined) continue;
    byLink.set(Number(index), { ...byLink.get(Number(index)), [field]: sentences });
  }
  return byLink;
}

function sentence(errors: FieldErrors): string {
  return Object.entries(errors)
    .map(([field, sentences]) => `${field}: ${sentences.join('; ')}`)
    .join('. ');
}

function savedAs(write: Write, link: PublicLink): Saved {
  return { write, result: write.id === null ? 'imported' : 'updated', link };
}

/** Some links were written. Each of the others has its own errors. */
function readPartlySaved({ body }: Reply, sent: Write[]): BatchResult {
  const errors = errorsByLink(body.errors);
  const result: BatchResult = { saved: [], slugTaken: [], retry: [] };
  for (const [index, write] of sent.entries()) {
    const fields = errors.get(index);
    const code: unknown = body.links[index]?.code;
    if (!fields) result.saved.push(savedAs(write, body.links[index]));
    else if (code === 'not_tried' || code === 'unavailable') {
      result.retry.push(write);
      if (code === 'unavailable') result.ambiguous = true;
    } else {
      const list = fields.slug && write.id === null ? result.slugTaken : result.saved;
      list.push({ write, result: 'refused', reason: sentence(fields) });
    }
  }
  return result;
}

/** Reads the response to a call that saves many links: see lambdas/links/save-many.ts. */
function readReply(reply: Reply, sent: Write[]): BatchResult {
  const { status, body } = reply;
  const result: BatchResult = { saved: [], slugTaken: [], retry: [] };
  if (status === 200) return { ...result, saved: sent.map((write, index) => savedAs(write, body[index])) };
  if (body?.code === 'partly_saved') return readPartlySaved(reply, sent);
  const errors = errorsByLink(body?.errors);
  if (errors.size === 0 && sent.length > 1) return { ...result, sendAlone: true };
  const reason = body?.error ?? `Clickhook responded with ${status}`;
  for (const [index, write] of sent.entries()) {
    const fields = errors.get(index);
    if (errors.size > 0 && !fields) result.retry.push(write);
    else result.saved.push({ write, result: 'refused', reason: fields ? sentence(fields) : reason });
  }
  return result;
}
