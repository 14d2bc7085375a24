import { changedValues, type Settings } from './api.ts';
import { Check, Field } from './fields.tsx';
import { SaveBar } from './save-bar.tsx';
import { KeysSection, SigningSecretSection } from './secrets.tsx';
import { useSession } from './session.ts';
import { useTitle } from './shell.tsx';
import { useForm } from './use-form.ts';
import { useLoad } from './use-load.ts';

/** The settings that the page edits. */
type Values = {
  name: string;
  webhooks: string;
  excluded_ips: string;
  skip_crawlers: boolean;
  strict: boolean;
};

function valuesOf({ name, webhooks, excluded_ips, skip_crawlers, privacy }: Settings): Values {
  return {
    name,
    webhooks: webhooks.join('\n'),
    excluded_ips: excluded_ips.join('\n'),
    skip_crawlers,
    strict: privacy === 'strict',
  };
}

function SettingsForm({ initial }: { initial: Values }) {
  const { api } = useSession();
  const form = useForm(initial, async (values, before) => {
    const { strict, ...fields } = changedValues(before, values);
    const privacy = strict === undefined ? {} : { privacy: strict ? 'strict' : 'standard' };
    const input = { ...fields, ...privacy };
    // If nothing has changed, the page only reads the settings, because the API needs at least one setting to change.
    return valuesOf(await (Object.keys(input).length > 0 ? api.saveSettings(input) : api.settings()));
  });
  const { values, set, errors } = form;
  return (
    <form onSubmit={form.submit}>
      <h1>Settings</h1>
      <fieldset>
        <legend>Workspace</legend>
        <Field label="Name" value={values.name} onChange={set('name')} errors={errors('name')} />
      </fieldset>
      <fieldset>
        <legend>Webhooks</legend>
        <Field
          label="Webhook URLs, one per line"
          rows={5}
          value={values.webhooks}
          onChange={set('webhooks')}
          errors={errors('webhooks')}
          hint="Each URL receives a POST request whenever any link of this workspace is clicked."
        />
      </fieldset>
      <fieldset>
        <legend>Recorded clicks</legend>
        <Field
          label="Excluded IP addresses, one per line"
          rows={4}
          value={values.excluded_ips}
          onChange={set('excluded_ips')}
          errors={errors('excluded_ips')}
          hint="Enter addresses or ranges, such as 192.0.2.0/24. Clicks from them are not recorded."
        />
        <Check label="Do not record bots" isSelected={values.skip_crawlers} onChange={set('skip_crawlers')} />
        <Check
          label="Strict privacy: clicks have no country, ISP or referrer"
          isSelected={values.strict}
          onChange={set('strict')}
        />
      </fieldset>
      <SaveBar label="Save Settings" {...form} />
    </form>
  );
}

/** The workspace's settings. */
export function SettingsPage() {
  useTitle('Settings');
  const { api } = useSession();
  const { value, problem } = useLoad(() => api.settings(), []);
  if (problem) return <p role="alert">{problem}</p>;
  if (!value) return <p role="status">Loading …</p>;
  return (
    <>
      <SettingsForm initial={valuesOf(value)} />
      <SigningSecretSection />
      <KeysSection />
    </>
  );
}
