import type { PublicLink } from '../lambdas/links/link.ts';
import { type ApiClient, type Reply, readLinks, readTrash } from './client.ts';
import type { Write } from './decide.ts';
import { differing, fingerprint, KnownLinks } from './row-link.ts';

/** What became of a link that was to be written. */
export type Saved =
  | { write: Write; result: 'imported' | 'updated' | 'there'; link: PublicLink }
  | { write: Write; result: 'refused'; reason: string };

/** The index that lists are read from lags behind a write whose answer was lost. */
const LOOKS_AFTER_LOSS = 3;

/** Writes batches of links, each link once, whatever becomes of the answers. */
export class Saver {
  readonly #client: ApiClient;
  readonly #workspaceId: number;
  #highestId: number;

  /** @param highestId of all links in the workspace: those made from now on have higher ones */
  constructor(client: ApiClient, workspaceId: number, highestId: number) {
    this.#client = client;
    this.#workspaceId = workspaceId;
    this.#highestId = highestId;
  }

  /**
   * Writes links. After a lost answer it asks which of them are there now, and sends the others again.
   * @throws ImportStopped when the server can't be reached any more, or refuses the key
   */
  async save(writes: Write[]): Promise<Saved[]> {
    const afterId = this.#highestId;
    const saved: Saved[] = [];
    let open = writes;
    for (let lostCalls = 0, wasLost = false; open.length > 0; ) {
      const outcome = await this.#client.send(
        'POST',
        `/workspace/${this.#workspaceId}/links`,
        open.map(({ body }) => body),
      );
      const result =
        'lost' in outcome
          ? { saved: [], again: open, lost: outcome.lost }
          : await this.#read(outcome, open, afterId, wasLost);
      saved.push(...result.saved);
      open = result.again;
      if (result.lost === undefined) {
        lostCalls = 0;
        continue;
      }
      await this.#client.pauseAfterLoss(lostCalls++, result.lost);
      wasLost = true;
      const found = await this.#find(open, afterId, true);
      saved.push(...found);
      open = without(open, found);
    }
    for (const one of saved) {
      if (one.result !== 'refused') this.#highestId = Math.max(this.#highestId, one.link.id);
    }
    return saved;
  }

  async #read(reply: Reply, sent: Write[], afterId: number, wasLost: boolean) {
    const { saved, taken, again, split, unsure } = readReply(reply, sent);
    if (split) {
      for (const write of sent) saved.push(...(await this.save([write])));
    }
    const found = await this.#findTaken(
      taken.map(({ write }) => write),
      afterId,
      wasLost,
    );
    const others = taken.filter(({ write }) => !found.some((one) => one.write === write));
    const lost = unsure ? 'it was too busy to save all links' : undefined;
    return { saved: [...saved, ...found, ...others], again, lost };
  }

  /** A slug that was free and is taken: by us, when an answer was lost, or by another import at the same time. */
  async #findTaken(taken: Write[], afterId: number, wasLost: boolean): Promise<Saved[]> {
    const found: Saved[] = [];
    const looks = wasLost ? LOOKS_AFTER_LOSS : 1;
    for (let look = 0; look < looks && taken.length > found.length; look++) {
      if (look > 0) await this.#client.pauseAfterLoss(look, 'the slug is taken');
      found.push(...(await this.#find(without(taken, found), afterId, wasLost)));
    }
    return found;
  }

  /** Which of the links to make are there now, made after that id. */
  async #find(writes: Write[], afterId: number, byUs: boolean): Promise<Saved[]> {
    const wanted = new Map(
      writes.filter(({ id }) => id === null).map((write) => [KnownLinks.nameOf(write.link), write]),
    );
    if (wanted.size === 0) return [];
    const found: Saved[] = [];
    const look = (links: PublicLink[]) => {
      for (const link of links) {
        const write = wanted.get(KnownLinks.nameOf(link));
        if (write) found.push(compareFound(write, link, byUs));
      }
    };
    for await (const links of readLinks(this.#client, this.#workspaceId, afterId)) look(links);
    if (writes.some(({ link }) => link.deleted)) look(await readTrash(this.#client, this.#workspaceId));
    return found;
  }
}

function compareFound(write: Write, link: PublicLink, byUs: boolean): Saved {
  const differs = differing(fingerprint(link), write.link);
  if (differs.length === 0) return { write, result: byUs ? 'imported' : 'there', link };
  const reason = `${KnownLinks.nameOf(link)} was made by somebody else meanwhile, with another ${differs.join(', ')}: import again to compare it`;
  return { write, result: 'refused', reason };
}

function without(writes: Write[], saved: Saved[]): Write[] {
  const done = new Set(saved.map(({ write }) => write));
  return writes.filter((write) => !done.has(write));
}

/** What an answer says of the links that were sent. */
export type BatchResult = {
  saved: Saved[];
  /** Refused for their slug, which may be theirs by now. */
  taken: Extract<Saved, { result: 'refused' }>[];
  /** Not written because of others in the same call, or perhaps not written. */
  again: Write[];
  /** Nobody knows whether some of them were written: a pause is due, and a look at what is there. */
  unsure?: boolean;
  /** It says nothing of single links: each has to be sent alone. */
  split: boolean;
};

type FieldErrors = Record<string, string[]>;

/** The errors of each link of a call, which are keyed `2.slug`. */
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

/** Some were written, the others are result each for itself. */
function readPartly({ body }: Reply, sent: Write[]): BatchResult {
  const errors = errorsByLink(body.errors);
  const result: BatchResult = { saved: [], taken: [], again: [], split: false };
  for (const [index, write] of sent.entries()) {
    const fields = errors.get(index);
    const code: unknown = body.links[index]?.code;
    if (fields && (code === 'not_tried' || code === 'unavailable')) {
      result.again.push(write);
      if (code === 'unavailable') result.unsure = true;
    } else if (!fields) result.saved.push(savedAs(write, body.links[index]));
    else {
      const refused = { write, result: 'refused', reason: sentence(fields) } as const;
      (fields.slug && write.id === null ? result.taken : result.saved).push(refused);
    }
  }
  return result;
}

/** Reads the answer to a call that saves many links: see lambdas/links/save.ts. */
export function readReply(reply: Reply, sent: Write[]): BatchResult {
  const { status, body } = reply;
  if (status === 200) {
    const saved = sent.map((write, index) => savedAs(write, body[index]));
    return { saved, taken: [], again: [], split: false };
  }
  if (body?.code === 'partly_saved') return readPartly(reply, sent);
  const errors = errorsByLink(body?.errors);
  if (errors.size > 0) {
    const saved = [...errors].flatMap(([index, fields]): Saved[] => {
      const write = sent[index];
      return write ? [{ write, result: 'refused', reason: sentence(fields) }] : [];
    });
    const again = sent.filter((_, index) => !errors.has(index));
    return { saved, taken: [], again, split: false };
  }
  if (sent.length > 1) return { saved: [], taken: [], again: [], split: true };
  const reason = body?.error ?? `the Clickhook answers ${status}`;
  return {
    saved: sent.map((write) => ({ write, result: 'refused', reason })),
    taken: [],
    again: [],
    split: false,
  };
}
