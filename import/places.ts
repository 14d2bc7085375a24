import { type Fingerprint, fingerprint } from './fingerprint.ts';

/** Where a link is: no two can be in one place. */
type Place = { domain?: string | null | undefined; slug: string };

/** What is known of a place. `line`: the row of this file that named it first; 0 when none did. */
export type Known = {
  /** 0 while the link is being made for the first time, and when that was refused. */
  id: number;
  fingerprint: Fingerprint;
  line: number;
  state: 'there' | 'pending' | 'refused';
};

/** The places of the workspace and of the file. One entry per link, small, because there may be a million. */
export class Places {
  readonly #known = new Map<string, Known>();

  /** The name of a place: `/slug`, or `domain/slug`. */
  static nameOf({ domain, slug }: Place): string {
    return `${domain ?? ''}${slug}`;
  }

  get(place: Place): Known | undefined {
    return this.#known.get(Places.nameOf(place));
  }

  /** A link that is there, as the Clickhook answers it or as a row says it. */
  setThere(id: number, link: Parameters<typeof fingerprint>[0]): void {
    const known = this.get(link);
    const entry: Known = { id, fingerprint: fingerprint(link), line: known?.line ?? 0, state: 'there' };
    this.#known.set(Places.nameOf(link), entry);
  }

  /** The link of a row is being written. */
  setPending(place: Place, line: number): void {
    const known = this.get(place) ?? { id: 0, fingerprint: '' };
    this.#known.set(Places.nameOf(place), { ...known, line, state: 'pending' });
  }

  /** The link of a row was not written. */
  setRefused(place: Place): void {
    const known = this.get(place);
    if (known) known.state = 'refused';
  }
}
