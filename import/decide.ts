import { PASSWORD_MASK } from '../lambdas/links/link.ts';
import { RowError } from './command.ts';
import type { Columns, Field, Row } from './csv-file.ts';
import { differing, isSet, type KnownLink, KnownLinks, linkOfRow, type RowLink } from './row-link.ts';

/** A link to write. `body` is what is sent to the API. `id` is that of the existing link, or null for a new one. */
export type Write = { row: Row; link: RowLink; body: Record<string, unknown>; id: number | null };

/** What the decision about every row depends on. */
export type ImportContext = {
  columns: Columns;
  workspaceId: number;
  domains: Set<string>;
  knownLinks: KnownLinks;
  update: boolean;
};

/**
 * The link of a row, on a domain of the workspace.
 * @throws RowError or ClientError that says what to change
 */
export function acceptRow({ columns, domains, workspaceId }: ImportContext, row: Row): RowLink {
  const link = linkOfRow(columns, row.cells);
  if (!link.domain || domains.has(link.domain)) return link;
  throw new RowError(
    `domain: ${link.domain} is not a domain of this workspace. Add it with POST /api/v1/workspace/${workspaceId}/domains {"name": "${link.domain}"}, or leave the cell blank for the default host`,
  );
}

function create(row: Row, link: RowLink): Write {
  if (link.password === PASSWORD_MASK) {
    throw new RowError(
      `password: ${PASSWORD_MASK} stands for a password that no export contains. Enter the password, or leave the cell blank for a link that is open to everyone`,
    );
  }
  const sent = Object.entries(link).filter(([, value]) => value !== undefined && value !== null);
  return { row, link, body: Object.fromEntries(sent), id: null };
}

function checkPassword(link: RowLink, differs: Field[]): void {
  if (!differs.includes('password')) return;
  if (link.password === PASSWORD_MASK) {
    throw new RowError(
      `password: the existing link has no password, and ${PASSWORD_MASK} only stands for one. Enter the password, or leave the cell blank`,
    );
  }
  if (link.password === null) {
    throw new RowError(
      'password: the existing link has one, and an import never removes a password. Remove it in Clickhook, or enter a password here',
    );
  }
}

/** A row whose link exists. @returns an update with the differences, or null when there are none */
function compare(row: Row, link: RowLink, known: KnownLink, update: boolean): Write | null {
  const address = KnownLinks.addressOf(link);
  if (isSet(known.fingerprint, 'deleted') && !link.deleted) {
    throw new RowError(`slug: ${address} is in the trash. Restore it first, or choose another slug`);
  }
  const differs = differing(known.fingerprint, link);
  if (differs.length === 0) return null;
  checkPassword(link, differs);
  if (!update) {
    throw new RowError(
      `${address} exists with another ${differs.join(', ')}. Import with --update to overwrite it, or remove the row`,
    );
  }
  const changes = Object.fromEntries(differs.map((field) => [field, link[field]]));
  return { row, link, body: { id: known.id, ...changes }, id: known.id };
}

/** Checks a second row for the same link. @throws RowError unless both have the same values */
function compareRepeated(link: RowLink, known: KnownLink): null {
  if (known.state === 'refused') {
    throw new RowError(
      `duplicate of line ${known.line}, which was refused. Both are for the same link. Keep one of the two`,
    );
  }
  if (differing(known.fingerprint, link).length === 0) return null;
  throw new RowError(
    `duplicate of line ${known.line}. Both are for ${KnownLinks.addressOf(link)}. Keep one of the two`,
  );
}

/**
 * Decides what to do with the link of a row. No write to its address may be pending.
 * @returns the write, or null when the link already has these values
 * @throws RowError that says what to change in the row
 */
export function decide({ knownLinks, update }: ImportContext, row: Row, link: RowLink): Write | null {
  const known = knownLinks.get(link);
  if (!known) return create(row, link);
  if (known.line > 0) return compareRepeated(link, known);
  known.line = row.line;
  return compare(row, link, known, update);
}

/** The number of links in one call: a key may make 600 calls a minute, and a call has 10 s. */
const MAX_LINKS = 25;

/** Hashing a password takes the function up to a second. */
const MAX_PASSWORDS = 4;

/** At most half of what the API accepts. */
const MAX_BYTES = 512 * 1024;

const bytesOf = ({ body }: Write) => Buffer.byteLength(JSON.stringify(body));
const hasPassword = ({ body }: Write) => 'password' in body;

/** The links of one call to the API. */
export class Batch {
  readonly writes: Write[] = [];
  #bytes = 0;

  /** Whether one more link fits. The first always does. */
  fits(write: Write): boolean {
    if (this.writes.length === 0) return true;
    const passwords = [...this.writes, write].filter(hasPassword).length;
    return (
      this.writes.length < MAX_LINKS &&
      passwords <= MAX_PASSWORDS &&
      this.#bytes + bytesOf(write) <= MAX_BYTES
    );
  }

  add(write: Write): void {
    this.writes.push(write);
    this.#bytes += bytesOf(write);
  }
}
