import { Button } from 'react-aria-components';

type SaveBarProps = { label: string; busy: boolean; saved: boolean; problem: string };

/** The button that saves a form, and the result. */
export function SaveBar({ label, busy, saved, problem }: SaveBarProps) {
  return (
    <div className="bar save">
      <Button type="submit" className="primary" isDisabled={busy}>
        {busy ? 'Saving …' : label}
      </Button>
      <span role="status">{saved ? 'Saved' : ''}</span>
      {problem && <span role="alert">{problem}</span>}
    </div>
  );
}
