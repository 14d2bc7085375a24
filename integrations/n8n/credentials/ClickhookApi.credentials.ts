import type {
  IAuthenticateGeneric,
  ICredentialTestRequest,
  ICredentialType,
  INodeProperties,
} from 'n8n-workflow';

/** What a workflow needs to call a Clickhook, and to check what it receives from it. */
export class ClickhookApi implements ICredentialType {
  name = 'clickhookApi';

  displayName = 'Clickhook API';

  icon = { light: 'file:../icons/clickhook.svg', dark: 'file:../icons/clickhook.dark.svg' } as const;

  documentationUrl = 'https://www.npmjs.com/package/n8n-nodes-clickhook';

  properties: INodeProperties[] = [
    {
      displayName: 'Base URL',
      name: 'baseUrl',
      type: 'string',
      required: true,
      default: '',
      placeholder: 'https://go.example.com',
      description: 'The address of your Clickhook, without a path',
    },
    {
      displayName: 'API Key',
      name: 'apiKey',
      type: 'string',
      typeOptions: { password: true },
      required: true,
      default: '',
      description: 'A key of your workspace, from Settings, API keys in the dashboard',
    },
    {
      displayName: 'Signing Secret',
      name: 'signingSecret',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      placeholder: 'whsec_…',
      description:
        'If your workspace signs its deliveries, its signing secret. The trigger then rejects every request without a valid signature.',
    },
  ];

  authenticate: IAuthenticateGeneric = {
    type: 'generic',
    properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
  };

  test: ICredentialTestRequest = {
    request: { baseURL: '={{$credentials.baseUrl.replace(/\\/+$/, "")}}', url: '/api/v1/test' },
  };
}
