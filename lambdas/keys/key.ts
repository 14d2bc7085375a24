import { createHash, randomBytes } from 'node:crypto';

/** A key as a workspace's list has it. `prefix` names it: some first characters of it and of its hash. */
export type KeyListing = { prefix: string; created_at: string; sha256: string };

/** Most keys of one workspace. */
export const MAX_KEYS_PER_WORKSPACE = 25;

const KEY_PREFIX = 'ck_';
const SHOWN_CHARACTERS = 8;

/** A new API key: 32 random bytes behind `ck_`. It is shown once and never stored. */
export function generateApiKey(): string {
  return KEY_PREFIX + randomBytes(32).toString('base64url');
}

/** What is stored of a key. A plain hash is enough: 32 random bytes can't be guessed. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** A key's own first characters, never more than half of it, and eight of its hash, which tell keys apart. */
export function prefixOf(key: string, sha256: string): string {
  const shown = Math.min(SHOWN_CHARACTERS, Math.floor(key.length / 2));
  return key.slice(0, shown) + sha256.slice(0, SHOWN_CHARACTERS);
}
