import type {
  IExecuteFunctions,
  INodeExecutionData,
  INodeType,
  INodeTypeDescription,
  JsonObject,
} from 'n8n-workflow';
import { NodeApiError, NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import { workspacePath } from './api.ts';
import { searchLinks } from './choose-link.ts';
import { CLICK_PROPERTIES } from './click-properties.ts';
import { LINK_PROPERTIES } from './link-properties.ts';
import { OPERATIONS } from './operations.ts';

/** Runs an operation for one input item, and says which item its output comes from. */
async function runFor(
  context: IExecuteFunctions,
  item: number,
  workspace: string,
): Promise<INodeExecutionData[]> {
  const resource = context.getNodeParameter('resource', item) as string;
  const operation = context.getNodeParameter('operation', item) as string;
  const run = OPERATIONS[resource]?.[operation];
  if (!run)
    throw new NodeOperationError(context.getNode(), `There is no operation ${operation} of ${resource}`, {
      itemIndex: item,
    });
  const found = await run({ context, item, workspace });
  return found.map((json) => ({ json, pairedItem: { item } }));
}

/** Manages links, and reads clicks and reports. */
export class Clickhook implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Clickhook',
    name: 'clickhook',
    icon: { light: 'file:../../icons/clickhook.svg', dark: 'file:../../icons/clickhook.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
    description: 'Create and change short links, and read their clicks',
    defaults: { name: 'Clickhook' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'clickhookApi', required: true }],
    properties: [
      {
        displayName: 'Resource',
        name: 'resource',
        type: 'options',
        noDataExpression: true,
        options: [
          { name: 'Click', value: 'click' },
          { name: 'Link', value: 'link' },
        ],
        default: 'link',
      },
      ...LINK_PROPERTIES,
      ...CLICK_PROPERTIES,
      {
        displayName: 'Return All',
        name: 'returnAll',
        type: 'boolean',
        default: false,
        description: 'Whether to return all results or only up to a given limit',
        displayOptions: { show: { operation: ['getAll'] } },
      },
      {
        displayName: 'Limit',
        name: 'limit',
        type: 'number',
        typeOptions: { minValue: 1 },
        default: 50,
        description: 'Max number of results to return',
        displayOptions: { show: { operation: ['getAll'], returnAll: [false] } },
      },
    ],
  };

  methods = { listSearch: { searchLinks } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    const output: INodeExecutionData[] = [];
    const workspace = await workspacePath(this);
    for (const item of this.getInputData().keys()) {
      try {
        output.push(...(await runFor(this, item, workspace)));
      } catch (error) {
        if (!this.continueOnFail())
          throw new NodeApiError(this.getNode(), error as JsonObject, { itemIndex: item });
        output.push({ json: { error: (error as Error).message }, pairedItem: { item } });
      }
    }
    return [output];
  }
}
