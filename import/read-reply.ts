import type { PublicLink } from '../lambdas/links/link.ts';
import type { Reply } from './client.ts';
import type { Write } from './decide.ts';
import type { Saved } from './save-batch.ts';

/** What an answer says of the links that were sent. */
export type Told = {
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

/** Some were written, the others are told each for itself. */
function readPartly({ body }: Reply, sent: Write[]): Told {
  const errors = errorsByLink(body.errors);
  const told: Told = { saved: [], taken: [], again: [], split: false };
  for (const [index, write] of sent.entries()) {
    const fields = errors.get(index);
    const code: unknown = body.links[index]?.code;
    if (fields && (code === 'not_tried' || code === 'unavailable')) {
      told.again.push(write);
      if (code === 'unavailable') told.unsure = true;
    } else if (!fields) told.saved.push(savedAs(write, body.links[index]));
    else {
      const refused = { write, result: 'refused', reason: sentence(fields) } as const;
      (fields.slug && write.id === null ? told.taken : told.saved).push(refused);
    }
  }
  return told;
}

/** Reads the answer to a call that saves many links: see lambdas/links/save.ts. */
export function readReply(reply: Reply, sent: Write[]): Told {
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
