import { useEffect, useSyncExternalStore } from 'react';

const BASE = '/app';
const LEAVE = 'You have unsaved changes. Leave the page without saving them?';

const listeners = new Set<() => void>();
/** Whether the page has unsaved changes. Only one page is open at a time. */
let unsaved = false;
let shown = location.href;

function tell(): void {
  shown = location.href;
  for (const listener of listeners) listener();
}

/** Whether the page may be left. Asks the user if changes would be lost. */
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

/** The URL of a path below /app. */
export const hrefOf = (path: string) => BASE + path;

/** Goes to a path below /app. Asks first if changes would be lost, unless `saved` says that everything is saved. */
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

/** Asks before the page is left while it has unsaved changes. */
export function useUnsaved(changed: boolean): void {
  useEffect(() => {
    unsaved = changed;
    return () => {
      unsaved = false;
    };
  }, [changed]);
}
