import { useCallback, useEffect, useState } from 'react';
import { ApiError } from './api.ts';
import { useSession } from './session.ts';

/** A value that is being loaded, is loaded, or could not be loaded. */
export type Loaded<T> = { value?: T; problem?: string; reload: () => void; set: (value: T) => void };

/** The sentence to show for any error. */
export function sentenceOf(error: unknown): string {
  return error instanceof ApiError ? error.message : 'Something went wrong. Reload the page and try again.';
}

/** Loads a value when the page opens and whenever `inputs` change. Signs out when the key is no longer valid. */
export function useLoad<T>(load: () => Promise<T>, inputs: unknown[]): Loaded<T> {
  const { signOut } = useSession();
  const [state, setState] = useState<{ value?: T; problem?: string }>({});
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller decides when to load again
  useEffect(() => {
    let current = true;
    load().then(
      (value) => current && setState({ value }),
      (error) => {
        if (!current) return;
        if (error instanceof ApiError && error.status === 401) signOut();
        else setState({ problem: sentenceOf(error) });
      },
    );
    return () => {
      current = false;
    };
  }, [...inputs, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  const set = useCallback((value: T) => setState({ value }), []);
  return { ...state, reload, set };
}
