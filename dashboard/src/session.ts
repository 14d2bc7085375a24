import { createContext, useContext } from 'react';
import type { Api } from './api.ts';

const STORED = 'clickhook-key';

/** The key that this tab has signed in with. It is stored for this tab only and removed when the tab closes. */
export const storedKey = {
  get: () => sessionStorage.getItem(STORED),
  set: (key: string) => sessionStorage.setItem(STORED, key),
  clear: () => sessionStorage.removeItem(STORED),
};

export type Session = { api: Api; workspaceId: number; signOut: () => void };

export const SessionContext = createContext<Session | null>(null);

/** The session of the signed-in part of the dashboard. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('This component needs a session');
  return session;
}
