import { useState } from 'react';
import { Button } from 'react-aria-components';
import { ApiError } from './api.ts';
import { useSession } from './session.ts';
import { sentenceOf, useLoad } from './use-load.ts';

/** A new secret, in full. `label` says what it is, and whether it can be shown again. */
function NewSecret({ label, value }: { label: string; value: string }) {
  return (
    <p className="notice">
      {label} <code>{value}</code>
    </p>
  );
}

/** Runs the action of a button, shows its error, and reloads. */
function useAction(reload: () => void) {
  const [problem, setProblem] = useState('');
  const run = async (action: () => Promise<unknown>) => {
    try {
      await action();
      setProblem('');
    } catch (error) {
      setProblem(sentenceOf(error));
    }
    reload();
  };
  return { problem, run };
}

const time = (iso: string) => new Date(iso).toLocaleString();

/** The secret that signs deliveries. */
export function SigningSecretSection() {
  const { api } = useSession();
  const [created, setCreated] = useState('');
  const load = () =>
    api.signingSecret().catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    });
  const { value, problem, reload } = useLoad(load, []);
  const action = useAction(reload);
  const rotate = () => action.run(async () => setCreated((await api.rotateSecret()).secret));
  const remove = () =>
    action.run(async () => {
      await api.removeSecret();
      setCreated('');
    });
  return (
    <section aria-labelledby="signing">
      <h2 id="signing">Signing secret</h2>
      <div role="status">
        {value === null && <p>Deliveries are not signed.</p>}
        {value && <p>Deliveries are signed. The secret was created on {time(value.created_at)}.</p>}
        {value?.previous && <p>The previous secret stays valid until {time(value.previous.valid_until)}.</p>}
        {created && <NewSecret label="Copy the new signing secret to your receiver:" value={created} />}
      </div>
      {(action.problem || problem) && <p role="alert">{action.problem || problem}</p>}
      <div className="bar save">
        <Button onPress={rotate}>{value ? 'Rotate secret' : 'Create secret'}</Button>
        {value && <Button onPress={remove}>Delete secret</Button>}
      </div>
    </section>
  );
}

/** The API keys of the workspace. */
export function KeysSection() {
  const { api } = useSession();
  const [created, setCreated] = useState('');
  const { value = [], problem, reload } = useLoad(() => api.keys(), []);
  const action = useAction(reload);
  return (
    <section aria-labelledby="keys">
      <h2 id="keys">API keys</h2>
      <div role="status">
        {created && (
          <NewSecret label="Copy the new API key now, because it is shown only once:" value={created} />
        )}
      </div>
      {(action.problem || problem) && <p role="alert">{action.problem || problem}</p>}
      <ul className="plain">
        {value.map(({ prefix, created_at, current }) => (
          <li key={prefix} className="bar">
            <span>
              <code>{prefix}</code> created on {time(created_at)}
            </span>
            {current ? (
              <span className="quiet">used by this tab</span>
            ) : (
              <Button onPress={() => action.run(() => api.revokeKey(prefix))} aria-label={`Revoke ${prefix}`}>
                Revoke
              </Button>
            )}
          </li>
        ))}
      </ul>
      <p>
        <Button onPress={() => action.run(async () => setCreated((await api.makeKey()).key))}>
          Create key
        </Button>
      </p>
    </section>
  );
}
