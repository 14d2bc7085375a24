import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components';
import { Field } from './fields.tsx';

/** Asks for an API key. */
export function SignIn({ problem, onKey }: { problem: string; onKey: (key: string) => Promise<void> }) {
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    await onKey(key.trim());
    setBusy(false);
  };
  return (
    <main className="narrow">
      <h1>Clickhook</h1>
      <form onSubmit={submit}>
        <Field
          label="API key"
          type="password"
          value={key}
          onChange={setKey}
          autoComplete="off"
          autoFocus
          errors={problem ? [problem] : []}
          hint="The key is stored for this tab only and removed when you close it."
        />
        <Button type="submit" className="primary" isDisabled={busy || key.trim() === ''}>
          {busy ? 'Signing in …' : 'Sign in'}
        </Button>
      </form>
    </main>
  );
}
