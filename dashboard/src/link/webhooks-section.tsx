import { useState } from 'react';
import { Button } from 'react-aria-components';
import { clickedLink, samplePayload } from '../../../lambdas/clicks/click.ts';
import type { FullLink } from '../api.ts';
import { Field } from '../fields.tsx';
import { useSession } from '../session.ts';
import { sentenceOf } from '../use-load.ts';
import type { SectionProps } from './sections.tsx';

/** Sends a sample click to the saved webhooks. */
function TestClick({ link }: { link: FullLink }) {
  const { api } = useSession();
  const [message, setMessage] = useState('');
  const send = () =>
    api.testHooks(link.id).then(
      ({ message, webhooks }) =>
        setMessage(
          webhooks === 0
            ? message
            : 'A sample click is on its way. Clickhook does not track deliveries, so check your receiver.',
        ),
      (error) => setMessage(sentenceOf(error)),
    );
  return (
    <p>
      <Button onPress={send}>Send test click</Button> <span role="status">{message}</span>
    </p>
  );
}

/** The identity of the click in the example. */
const EXAMPLE = { id: '01JHMR6K5VYEMHRPR7WBC682WY', timestamp: '2025-01-15T10:30:00.123456Z' };

/** The payload that the link's webhooks receive, the API calls for webhooks, and how to verify a delivery. */
function Panel({ link }: { link: FullLink }) {
  const payload = samplePayload(clickedLink(link, link.full_url, link.url), EXAMPLE);
  const api = `${location.origin}/api/v1/link/${link.id}/webhooks`;
  const curl = [
    `curl -s ${api} -H 'x-api-key: ck_…' -d '{"url": "https://example.com/hook"}'`,
    `curl -s ${api} -H 'x-api-key: ck_…'`,
    `curl -s -X DELETE '${api}?url=https%3A%2F%2Fexample.com%2Fhook' -H 'x-api-key: ck_…'`,
  ];
  return (
    <details>
      <summary>Payload, API and signature</summary>
      <h2>What a webhook receives</h2>
      <pre>{JSON.stringify(payload, null, 2)}</pre>
      <h2>Manage webhooks through the API</h2>
      <pre>{curl.join('\n')}</pre>
      <h2>Verify that a delivery comes from Clickhook</h2>
      <p>
        Create a signing secret in the settings. Each delivery then has the header{' '}
        <code>webhook-signature</code> in addition to <code>webhook-id</code> and{' '}
        <code>webhook-timestamp</code>, as in the Standard Webhooks specification, so you can verify it with a
        Standard Webhooks library. The signature is HMAC-SHA256 with the secret, over the id, the timestamp
        and the unchanged body, joined by dots.
      </p>
    </details>
  );
}

/** The webhooks of the link. `link` is missing until it is created. */
export function WebhooksSection({ form, link }: SectionProps & { link: FullLink | null }) {
  return (
    <fieldset>
      <legend>Webhooks</legend>
      <Field
        label="Webhook URLs, one per line"
        rows={5}
        value={form.values.webhooks}
        onChange={form.set('webhooks')}
        errors={form.errors('webhooks')}
        hint="Each URL receives a POST request whenever this link is clicked."
      />
      {link && <TestClick link={link} />}
      {link && <Panel link={link} />}
    </fieldset>
  );
}
