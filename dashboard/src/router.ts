import { useEffect, useSyncExternalStore } from 'react';

const BASE = '/app';
const LEAVE = 'There are changes that are not saved. Leave the page without them?';

const listeners = new Set<() => void>();
/** Whether what is on the page has changes that are not saved. One page is open at a time. */
let unsaved = false;
let shown = location.href;

function tell(): void {
  shown = location.href;
  for (const listener of listeners) listener();
}

/** Whether the page may be left: asks when changes would be lost. */
export const mayLeave = () => !unsaved || confirm(LEAVE);

addEventListener('popstate', () => {
  if (mayLeave()) {
    unsaved = false;
    tell();
  } else history.pushState(null, '', shown);
});
addEventListener('beforeunload', (event) => {
  if (unsaved) event.preventDefault();
});

/** The path below /app, such as `/links/7`. */
export const pathOf = (url: string) => new URL(url).pathname.slice(BASE.length) || '/';

/** The address of a path below /app. */
export const hrefOf = (path: string) => BASE + path;

/** Goes to a path below /app, after asking when changes would be lost; `saved` says that there are none. */
export function navigate(path: string, { replace = false, saved = false } = {}): void {
  if (!saved && !mayLeave()) return;
  unsaved = false;
  history[replace ? 'replaceState' : 'pushState'](null, '', hrefOf(path));
  tell();
}

/** The path that is shown. */
export function usePath(): string {
  const url = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  return pathOf(url);
}

/** Has the page ask before it is left, while there are changes. */
export function useUnsaved(changed: boolean): void {
  useEffect(() => {
    unsaved = changed;
    return () => {
      unsaved = false;
    };
  }, [changed]);
}
