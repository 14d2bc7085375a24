import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { FullLink } from './api.ts';
import { Check, Field } from './fields.tsx';
import { navigate } from './router.ts';
import { SaveBar } from './save-bar.tsx';
import { useSession } from './session.ts';
import { useForm } from './use-form.ts';
import { sentenceOf, useLoad } from './use-load.ts';

/** What the page edits of a link. */
type Values = {
  name: string;
  url: string;
  slug: string;
  enabled: boolean;
  forward_params: boolean;
  block_bots: boolean;
  webhooks: string;
};

const NEW: Values = {
  name: '',
  url: '',
  slug: '',
  enabled: true,
  forward_params: false,
  block_bots: false,
  webhooks: '',
};

function valuesOf(link: FullLink): Values {
  const { name, url, slug, enabled, forward_params, block_bots, webhooks } = link;
  return { name: name ?? '', url, slug, enabled, forward_params, block_bots, webhooks: webhooks.join('\n') };
}

/** Sends a sample click to the hooks that are saved. */
function TestClick({ id }: { id: number }) {
  const { api } = useSession();
  const [said, setSaid] = useState('');
  const send = () =>
    api.testHooks(id).then(
      () =>
        setSaid('A sample click is on its way. Whether it arrives is not tracked: look at your receiver.'),
      (error) => setSaid(sentenceOf(error)),
    );
  return (
    <p>
      <Button onPress={send}>Send test click</Button> <span role="status">{said}</span>
    </p>
  );
}

function LinkForm({ id, initial }: { id: number | null; initial: Values }) {
  const { api } = useSession();
  const form = useForm(initial, async (values) => {
    const link = await api.saveLink({ ...values, ...(id === null ? {} : { id }) });
    if (id === null) navigate(`/links/${link.id}`, { replace: true, saved: true });
    return valuesOf(link);
  });
  const { values, set, errors } = form;
  return (
    <form onSubmit={form.submit}>
      <h1>{id === null ? 'New link' : values.name || values.slug}</h1>
      <fieldset>
        <legend>Link</legend>
        <Field
          label="Destination"
          type="url"
          value={values.url}
          onChange={set('url')}
          errors={errors('url')}
          isRequired
        />
        <Field
          label="Slug"
          value={values.slug}
          onChange={set('slug')}
          errors={errors('slug')}
          hint="What comes behind your domain, such as /sale. Leave it blank to have one drawn."
        />
        <Field label="Name" value={values.name} onChange={set('name')} errors={errors('name')} />
      </fieldset>
      <fieldset>
        <legend>Behaviour</legend>
        <Check label="Enabled" isSelected={values.enabled} onChange={set('enabled')} />
        <Check
          label="Forward the click’s parameters"
          isSelected={values.forward_params}
          onChange={set('forward_params')}
        />
        <Check label="Keep bots out" isSelected={values.block_bots} onChange={set('block_bots')} />
      </fieldset>
      <fieldset>
        <legend>Webhooks</legend>
        <Field
          label="Webhook URLs, one per line"
          rows={5}
          value={values.webhooks}
          onChange={set('webhooks')}
          errors={errors('webhooks')}
          hint="They get a POST whenever this link is clicked."
        />
        {id !== null && <TestClick id={id} />}
      </fieldset>
      <SaveBar label="Save Link" {...form} />
    </form>
  );
}

function StoredLink({ id }: { id: number }) {
  const { api } = useSession();
  const { value, problem } = useLoad(() => api.link(id), [id]);
  if (problem) return <p role="alert">{problem}</p>;
  if (!value) return <p role="status">Loading …</p>;
  return <LinkForm id={id} initial={valuesOf(value)} />;
}

/** One link; without an id a new one. */
export function LinkPage({ id }: { id: number | null }) {
  return id === null ? <LinkForm id={null} initial={NEW} /> : <StoredLink id={id} />;
}
