import { useEffect, useMemo, useState } from 'react';
import { ApiError, createApi, workspaceOf } from './api.ts';
import { LinkPage } from './link/link-page.tsx';
import { LinksPage } from './links-page.tsx';
import { usePath } from './router.ts';
import { type Session, SessionContext, storedKey } from './session.ts';
import { SettingsPage } from './settings-page.tsx';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';
import { sentenceOf } from './use-load.ts';

type Known = { key: string; workspaceId: number };

function Page() {
  const path = usePath();
  const link = /^\/links\/(new|\d+)$/.exec(path)?.[1];
  if (link) return <LinkPage key={link} id={link === 'new' ? null : Number(link)} />;
  if (path === '/settings') return <SettingsPage />;
  return <LinksPage />;
}

/** The dashboard. It asks for an API key until someone signs in with a valid one. */
export function App() {
  const [known, setKnown] = useState<Known | null>(null);
  const [checking, setChecking] = useState(storedKey.get() !== null);
  const [problem, setProblem] = useState('');

  const signIn = async (key: string) => {
    try {
      const { id } = await workspaceOf(key);
      storedKey.set(key);
      setKnown({ key, workspaceId: id });
      setProblem('');
    } catch (error) {
      const wrong = error instanceof ApiError && error.status === 401;
      if (wrong) storedKey.clear();
      setProblem(wrong ? "That API key isn't valid. Check that you copied all of it." : sentenceOf(error));
    } finally {
      setChecking(false);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stored key is tried once
  useEffect(() => {
    const key = storedKey.get();
    if (key) signIn(key);
  }, []);

  const session = useMemo<Session | null>(() => {
    if (!known) return null;
    const signOut = () => {
      storedKey.clear();
      setKnown(null);
    };
    return { api: createApi(known.key, known.workspaceId), workspaceId: known.workspaceId, signOut };
  }, [known]);

  if (checking) return <p role="status">Signing in …</p>;
  if (!session) return <SignIn problem={problem} onKey={signIn} />;
  return (
    <SessionContext.Provider value={session}>
      <Shell>
        <Page />
      </Shell>
    </SessionContext.Provider>
  );
}
