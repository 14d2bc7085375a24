import type {
  IDataObject,
  IHookFunctions,
  INodeType,
  INodeTypeDescription,
  IWebhookFunctions,
  IWebhookResponseData,
  JsonObject,
} from 'n8n-workflow';
import { NodeApiError, NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import { call, linkId, workspacePath } from '../Clickhook/api.ts';
import { linkField, searchLinks } from '../Clickhook/choose-link.ts';
import { signatureFault } from './signature.ts';

/** The path of the webhooks of the link or of the workspace. */
async function webhooksPath(context: IHookFunctions): Promise<string> {
  if (context.getNodeParameter('triggerOn') === 'workspace')
    return `${await workspacePath(context)}/webhooks`;
  const id = context.getNodeParameter('linkId', undefined, { extractValue: true });
  return `/link/${linkId(context, id)}/webhooks`;
}

/** The address at n8n that receives clicks: another one while a person tests than in an active workflow. */
function webhookUrl(context: IHookFunctions): string {
  const url = context.getNodeWebhookUrl('default');
  if (!url) throw new NodeOperationError(context.getNode(), 'n8n has no webhook URL for this node');
  return url;
}

/** The webhook of this node, if Clickhook has it. */
async function findWebhook(context: IHookFunctions): Promise<{ path: string; hookId?: string }> {
  const path = await webhooksPath(context);
  const { body } = await call<{ url: string; hook_id: string }[]>(context, { method: 'GET', path });
  const url = webhookUrl(context);
  const found = body.find((webhook) => webhook.url === url);
  return { path, ...(found ? { hookId: found.hook_id } : {}) };
}

/** Starts a workflow on each click. */
export class ClickhookTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Clickhook Trigger',
    name: 'clickhookTrigger',
    icon: { light: 'file:../../icons/clickhook.svg', dark: 'file:../../icons/clickhook.dark.svg' },
    group: ['trigger'],
    version: 1,
    subtitle: '={{$parameter["triggerOn"] === "link" ? "one link" : "all links"}}',
    description: 'Starts the workflow when someone clicks a short link',
    defaults: { name: 'Clickhook Trigger' },
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'clickhookApi', required: true }],
    webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' }],
    properties: [
      {
        displayName: 'Trigger On',
        name: 'triggerOn',
        type: 'options',
        options: [
          { name: 'Clicks on All Links', value: 'workspace' },
          { name: 'Clicks on One Link', value: 'link' },
        ],
        default: 'workspace',
      },
      linkField({ triggerOn: ['link'] }),
      {
        displayName: 'People Only',
        name: 'peopleOnly',
        type: 'boolean',
        default: true,
        description: 'Whether to ignore the clicks of bots',
      },
    ],
  };

  methods = { listSearch: { searchLinks } };

  webhookMethods = {
    default: {
      async checkExists(this: IHookFunctions): Promise<boolean> {
        return (await findWebhook(this)).hookId !== undefined;
      },
      async create(this: IHookFunctions): Promise<boolean> {
        await call(this, { method: 'POST', path: await webhooksPath(this), body: { url: webhookUrl(this) } });
        return true;
      },
      async delete(this: IHookFunctions): Promise<boolean> {
        try {
          const { path, hookId } = await findWebhook(this);
          if (hookId) await call(this, { method: 'DELETE', path: `${path}/${hookId}` });
          return true;
        } catch (error) {
          // The link was deleted, and its webhooks with it.
          if (error instanceof NodeApiError && error.httpCode === '404') return true;
          throw new NodeApiError(this.getNode(), error as JsonObject);
        }
      },
    },
  };

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    const { signingSecret } = await this.getCredentials('clickhookApi');
    if (signingSecret) {
      const request = this.getRequestObject();
      if (!request.rawBody) await request.readRawBody();
      const delivery = { headers: this.getHeaderData(), body: request.rawBody };
      const fault = signatureFault(String(signingSecret), delivery);
      if (fault) {
        this.getResponseObject().status(401).send(fault);
        return { noWebhookResponse: true };
      }
    }
    const payload = this.getBodyData();
    const click = payload.click as IDataObject | undefined;
    // Without data, n8n answers and does not start the workflow.
    if (this.getNodeParameter('peopleOnly') && click?.bot_name) return {};
    return { workflowData: [[{ json: payload }]] };
  }
}
