import { StackError } from './stack-error.ts';
import type { Template } from './template.ts';

export const REGION = 'us-east-1';
export const ACCOUNT_ID = '000000000000';

/** What a resource is called once it exists: the answer to `Ref`, and to `Fn::GetAtt` by attribute. */
export type PhysicalResource = { ref: string; attributes: Record<string, string> };

/** Resolves a value of the template: any JSON in, the same JSON without intrinsics out. */
export type Resolve = (value: unknown) => unknown;

/** Stands for AWS::NoValue until the property or list entry that holds it is dropped. */
const NO_VALUE = Symbol('AWS::NoValue');

const PSEUDO_PARAMETERS: Record<string, unknown> = {
  'AWS::AccountId': ACCOUNT_ID,
  'AWS::NoValue': NO_VALUE,
  'AWS::NotificationARNs': [],
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT_ID}:stack/Clickhook/local`,
  'AWS::StackName': 'Clickhook',
  'AWS::URLSuffix': 'amazonaws.com',
};

type Scope = { template: Template; physical: ReadonlyMap<string, PhysicalResource> };
type Intrinsic = (argument: unknown, scope: Scope) => unknown;

function ref(name: string, { template, physical }: Scope): unknown {
  if (name in PSEUDO_PARAMETERS) return PSEUDO_PARAMETERS[name];
  const resource = physical.get(name);
  if (resource) return resource.ref;
  if (template.Parameters?.[name]) return template.Parameters[name].Default ?? '';
  // Resources that do not run here (roles, alarms) are still referred to, by the name they would have.
  if (template.Resources[name]) return name;
  throw new StackError(`The template refers to ${name}, which it does not contain`);
}

function getAtt(name: string, attribute: string, { template, physical }: Scope): string {
  const known = physical.get(name)?.attributes[attribute];
  if (known !== undefined) return known;
  if (!template.Resources[name])
    throw new StackError(`The template refers to ${name}, which it does not contain`);
  return attribute === 'Arn' ? `arn:aws:local:${REGION}:${ACCOUNT_ID}:${name}` : `${name}.${attribute}`;
}

function substitute(argument: unknown, scope: Scope): string {
  const [text, own] = Array.isArray(argument) ? argument : [argument, {}];
  const variables = resolveIn(own, scope) as Record<string, unknown>;
  return String(text).replaceAll(/\$\{(!?)([^}]*)\}/g, (_match, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (name in variables) return String(variables[name]);
    const dot = name.indexOf('.');
    return String(dot < 0 ? ref(name, scope) : getAtt(name.slice(0, dot), name.slice(dot + 1), scope));
  });
}

function isTrue(condition: unknown, scope: Scope): boolean {
  if (typeof condition === 'string') {
    const definition = scope.template.Conditions?.[condition];
    if (definition === undefined) throw new StackError(`The template has no condition ${condition}`);
    return isTrue(definition, scope);
  }
  return resolveIn(condition, scope) === true;
}

const list = (argument: unknown, scope: Scope) => resolveIn(argument, scope) as unknown[];

const INTRINSICS: Record<string, Intrinsic> = {
  Ref: (name, scope) => ref(String(name), scope),
  Condition: (name, scope) => isTrue(String(name), scope),
  'Fn::GetAtt': (argument, scope) => {
    const [name, ...attribute] = typeof argument === 'string' ? argument.split('.') : list(argument, scope);
    return getAtt(String(name), attribute.join('.'), scope);
  },
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = list(argument, scope);
    return (parts as unknown[]).join(String(separator));
  },
  'Fn::Sub': substitute,
  'Fn::Select': (argument, scope) => {
    const [index, values] = list(argument, scope);
    return (values as unknown[])[Number(index)];
  },
  'Fn::Split': (argument, scope) => {
    const [separator, text] = list(argument, scope);
    return String(text).split(String(separator));
  },
  'Fn::If': (argument, scope) => {
    const [condition, whenTrue, whenFalse] = argument as [string, unknown, unknown];
    return resolveIn(isTrue(condition, scope) ? whenTrue : whenFalse, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list(argument, scope);
    return JSON.stringify(left) === JSON.stringify(right);
  },
  'Fn::And': (argument, scope) => (argument as unknown[]).every((condition) => isTrue(condition, scope)),
  'Fn::Or': (argument, scope) => (argument as unknown[]).some((condition) => isTrue(condition, scope)),
  'Fn::Not': (argument, scope) => !isTrue((argument as unknown[])[0], scope),
  'Fn::GetAZs': () => [`${REGION}a`, `${REGION}b`],
  'Fn::Base64': (argument, scope) => Buffer.from(String(resolveIn(argument, scope))).toString('base64'),
  'Fn::FindInMap': (argument, scope) => {
    const [map, key, name] = list(argument, scope).map(String) as [string, string, string];
    return scope.template.Mappings?.[map]?.[key]?.[name];
  },
};

function resolveIn(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map((entry) => resolveIn(entry, scope)).filter((entry) => entry !== NO_VALUE);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only) {
    const [name, argument] = only;
    const intrinsic = INTRINSICS[name];
    // `Condition` is also an ordinary property (IAM statements): only the form with a name is an intrinsic.
    if (intrinsic && (name !== 'Condition' || typeof argument === 'string'))
      return intrinsic(argument, scope);
    if (name.startsWith('Fn::'))
      throw new StackError(`The local stack does not know the intrinsic function ${name}`);
  }
  const resolved = entries.map(([name, entry]) => [name, resolveIn(entry, scope)] as const);
  return Object.fromEntries(resolved.filter(([, entry]) => entry !== NO_VALUE));
}

/**
 * Gives the function that resolves what CDK writes into templates: Ref, Fn::GetAtt, Join, Sub, Select,
 * Split, If and conditions, FindInMap, Base64, and the pseudo parameters.
 * @param physical the resources that exist, by logical id; read at every call, so it may still grow
 * @returns a function that throws StackError for references and functions it can't resolve
 */
export function createResolver(template: Template, physical: ReadonlyMap<string, PhysicalResource>): Resolve {
  return (value) => {
    const resolved = resolveIn(value, { template, physical });
    return resolved === NO_VALUE ? undefined : resolved;
  };
}

/** Whether a resource exists: one without a condition does, one with a condition when that holds. */
export function existsIn(template: Template, condition: string | undefined): boolean {
  return condition === undefined || isTrue(condition, { template, physical: new Map() });
}
