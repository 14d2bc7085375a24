import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

// The lowest memory use (16 MB) among the five settings that OWASP's Password Storage Cheat Sheet rates as equivalent.
const COST = { N: 2 ** 14, r: 8, p: 5 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;

// The same accented letter can be typed as one character or as two.
const normalised = (password: string) => password.normalize('NFKC');

/** The stored form of a link's password: `scrypt$N$r$p$salt$key`, so that the cost can change later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(normalised(password), salt, KEY_BYTES, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Whether a password matches the hash. The time of the comparison does not reveal how close it was.
 * @throws Error when the hash is not in our format
 */
export async function isPasswordOf(hash: string, password: string): Promise<boolean> {
  const [kind, N, r, p, salt = '', key = ''] = hash.split('$');
  if (kind !== 'scrypt') throw new Error('The stored password hash has an unknown format');
  const wanted = Buffer.from(key, 'base64url');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const given = await derive(normalised(password), Buffer.from(salt, 'base64url'), wanted.length, cost);
  return timingSafeEqual(wanted, given);
}
