import { type MouseEvent, type ReactNode, useEffect, useRef } from 'react';
import { Button } from 'react-aria-components';
import { hrefOf, mayLeave, navigate, usePath } from './router.ts';
import { useSession } from './session.ts';

/** A link to another page of the dashboard. It is a real link, but does not reload the page. */
export function NavLink({ to, children, current }: { to: string; children: ReactNode; current?: boolean }) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a href={hrefOf(to)} onClick={follow} aria-current={current ? 'page' : undefined}>
      {children}
    </a>
  );
}

/** Shows the name of the page in the title bar. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Clickhook`;
  }, [title]);
}

/** The frame around every page. */
export function Shell({ children }: { children: ReactNode }) {
  const { signOut } = useSession();
  const path = usePath();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  // Moves the focus to the start of a new page. For the first page, the browser does this itself.
  useEffect(() => {
    if (shown.current !== path) main.current?.focus();
    shown.current = path;
  }, [path]);
  return (
    <>
      <header>
        <nav aria-label="Main">
          <NavLink to="/links" current={path !== '/settings'}>
            Links
          </NavLink>
          <NavLink to="/settings" current={path === '/settings'}>
            <span aria-hidden="true">⚙</span> Settings
          </NavLink>
        </nav>
        <Button onPress={() => mayLeave() && signOut()}>Sign out</Button>
      </header>
      <main ref={main} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
