import { nothing } from '../core/input.ts';

/** A key to make. There is one kind: whoever asks for another, with fewer rights, must not get this one. */
export const newKeySchema = nothing;
