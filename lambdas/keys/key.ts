import { createHash, randomBytes } from 'node:crypto';

/** A key in the workspace's list. `prefix` identifies it: the first characters of the key and of its hash. */
export type KeyListing = { prefix: string; created_at: string; sha256: string };

/** The most keys of one workspace. */
export const MAX_KEYS_PER_WORKSPACE = 25;

const KEY_PREFIX = 'ck_';
const SHOWN_CHARACTERS = 8;

/** A new API key: `ck_` and 32 random bytes. It is shown once and never stored. */
export function generateApiKey(): string {
  return KEY_PREFIX + randomBytes(32).toString('base64url');
}

/** The stored form of a key. A plain hash is enough, because 32 random bytes cannot be guessed. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/**
 * The first characters of the key, never more than half of it, and eight characters of its hash, which distinguish
 * keys.
 */
export function prefixOf(key: string, sha256: string): string {
  const shown = Math.min(SHOWN_CHARACTERS, Math.floor(key.length / 2));
  return key.slice(0, shown) + sha256.slice(0, SHOWN_CHARACTERS);
}
