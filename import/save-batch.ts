import type { PublicLink } from '../lambdas/links/link.ts';
import type { ApiClient, Reply } from './client.ts';
import type { Write } from './decide.ts';
import { differing, fingerprint } from './fingerprint.ts';
import { Places } from './places.ts';
import { readReply } from './read-reply.ts';
import { readLinks, readTrash } from './target.ts';

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
      const told =
        'lost' in outcome
          ? { saved: [], again: open, lost: outcome.lost }
          : await this.#read(outcome, open, afterId, wasLost);
      saved.push(...told.saved);
      open = told.again;
      if (told.lost === undefined) {
        lostCalls = 0;
        continue;
      }
      await this.#client.pauseAfterLoss(lostCalls++, told.lost);
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
      writes.filter(({ id }) => id === null).map((write) => [Places.nameOf(write.link), write]),
    );
    if (wanted.size === 0) return [];
    const found: Saved[] = [];
    const look = (links: PublicLink[]) => {
      for (const link of links) {
        const write = wanted.get(Places.nameOf(link));
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
  const reason = `${Places.nameOf(link)} was made by somebody else meanwhile, with another ${differs.join(', ')}: import again to compare it`;
  return { write, result: 'refused', reason };
}

function without(writes: Write[], saved: Saved[]): Write[] {
  const done = new Set(saved.map(({ write }) => write));
  return writes.filter((write) => !done.has(write));
}
