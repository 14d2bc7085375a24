import type { Row } from './csv-file.ts';
import { RowError } from './errors.ts';
import {
  type Columns,
  differing,
  type Field,
  has,
  type Known,
  KnownLinks,
  linkOfRow,
  MASK,
  type RowLink,
} from './row-link.ts';

/** A link to write: `body` is what the API gets, with `id` where the link is there already. */
export type Write = { row: Row; link: RowLink; body: Record<string, unknown>; id: number | null };

/** What a row is measured by. */
export type ImportContext = {
  columns: Columns;
  workspaceId: number;
  domains: Set<string>;
  knownLinks: KnownLinks;
  update: boolean;
};

/**
 * The link of a row, on a domain that is there.
 * @throws RowError or ClientError with what has to change
 */
export function acceptRow({ columns, domains, workspaceId }: ImportContext, row: Row): RowLink {
  const link = linkOfRow(columns, row.cells);
  if (!link.domain || domains.has(link.domain)) return link;
  throw new RowError(
    `domain: ${link.domain} is not a domain of this workspace: add it with POST /api/v1/workspace/${workspaceId}/domains {"name": "${link.domain}"}, or leave the cell blank for the default host`,
  );
}

function create(row: Row, link: RowLink): Write {
  if (link.password === MASK) {
    throw new RowError(
      `password: ${MASK} hides a password, and no export contains it: enter the password, or leave the cell blank for a link that is open to everyone`,
    );
  }
  const said = Object.entries(link).filter(([, value]) => value !== undefined && value !== null);
  return { row, link, body: Object.fromEntries(said), id: null };
}

function checkPassword(link: RowLink, differs: Field[]): void {
  if (!differs.includes('password')) return;
  if (link.password === MASK) {
    throw new RowError(
      `password: the link is there without a password, and ${MASK} does not tell which: write the password, or make the cell blank`,
    );
  }
  if (link.password === null) {
    throw new RowError(
      'password: the link there has one, and an import never takes one away: take it away there, or write one here',
    );
  }
}

/** A row whose link is there: nothing to do, or an update that sends what differs and no more. */
function compare(row: Row, link: RowLink, known: Known, update: boolean): Write | null {
  const place = KnownLinks.nameOf(link);
  if (has(known.fingerprint, 'deleted') && !link.deleted) {
    throw new RowError(`slug: ${place} is in the trash: take it out there first, or choose another slug`);
  }
  const differs = differing(known.fingerprint, link);
  if (differs.length === 0) return null;
  checkPassword(link, differs);
  if (!update) {
    throw new RowError(
      `${place} is there with another ${differs.join(', ')}: import with --update to overwrite it, or remove the row`,
    );
  }
  const changes = Object.fromEntries(differs.map((field) => [field, link[field]]));
  return { row, link, body: { id: known.id, ...changes }, id: known.id };
}

/** A second row for a place: fine when it says what the place has. */
function compareRepeated(link: RowLink, known: Known): null {
  if (known.state === 'refused') {
    throw new RowError(
      `it is for the same link as line ${known.line}, which was refused: keep one of the two`,
    );
  }
  if (differing(known.fingerprint, link).length === 0) return null;
  throw new RowError(
    `duplicate of line ${known.line}: both are for ${KnownLinks.nameOf(link)}: keep one of the two`,
  );
}

/**
 * What to do about the link of a row. The caller sees to it that its place is not pending.
 * @returns the write, or null when there is nothing to do
 * @throws RowError with what has to change in the row
 */
export function decide({ knownLinks, update }: ImportContext, row: Row, link: RowLink): Write | null {
  const known = knownLinks.get(link);
  if (!known) return create(row, link);
  if (known.line > 0) return compareRepeated(link, known);
  known.line = row.line;
  return compare(row, link, known, update);
}

/** Links of one call: a key may make 600 calls a minute, and a call has 10 s. */
const MAX_LINKS = 25;

/** Hashing one takes the function up to a second. */
const MAX_PASSWORDS = 4;

/** Half of what the API takes at most. */
const MAX_BYTES = 512 * 1024;

const bytesOf = ({ body }: Write) => Buffer.byteLength(JSON.stringify(body));
const hasPassword = ({ body }: Write) => 'password' in body;

/** Links that go to the API in one call. */
export class Batch {
  readonly writes: Write[] = [];
  #bytes = 0;

  /** Whether one more still fits; the first always does. */
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
