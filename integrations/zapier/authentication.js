import { baseUrlOf } from './api/base-url.js';
import { workspaceOf } from './api/call.js';

/** The workspace of the key. Zapier calls this when a user connects Clickhook. */
async function test(z, bundle) {
  const { id, name } = await workspaceOf(z, bundle);
  const { host } = new URL(baseUrlOf(bundle.authData.base_url));
  return { workspace_id: id, workspace_name: name, host };
}

/** How a user connects Clickhook: its address and an API key. */
export const authentication = {
  type: 'custom',
  fields: [
    {
      key: 'base_url',
      label: 'Address of your Clickhook',
      type: 'string',
      required: true,
      placeholder: 'https://go.example.com',
      helpText: "The part of your dashboard's address before `/app`. It must be reachable from the internet.",
    },
    {
      key: 'api_key',
      label: 'API key',
      type: 'password',
      required: true,
      helpText: "Create one in your dashboard's settings, under API keys.",
    },
  ],
  test,
  connectionLabel: (_z, bundle) => `${bundle.inputData.workspace_name} (${bundle.inputData.host})`,
};
