import { nothing } from '../core/input.ts';

/** A key to create. There is one kind: a client that asks for a key with fewer rights must not get this one. */
export const newKeySchema = nothing;
