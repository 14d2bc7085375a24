import { StackError } from './stack-error.ts';
import type { Template } from './template.ts';

export const REGION = 'us-east-1';
export const ACCOUNT_ID = '000000000000';

/** The identifiers of a resource that exists: the result of `Ref`, and of `Fn::GetAtt` by attribute. */
export type PhysicalResource = { ref: string; attributes: Record<string, string> };

/** Resolves a value of the template: takes JSON, and returns it without intrinsics. */
export type Resolve = (value: unknown) => unknown;

/** Stands for AWS::NoValue until the property or list entry with it is dropped. */
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
  // Resources that do not run here (roles, alarms) can still be referenced, by the name that they would have.
  if (template.Resources[name]) return name;
  throw new StackError(`The template refers to ${name}, which it does not contain.`);
}

function getAtt(name: string, attribute: string, { template, physical }: Scope): string {
  const known = physical.get(name)?.attributes[attribute];
  if (known !== undefined) return known;
  if (!template.Resources[name])
    throw new StackError(`The template refers to ${name}, which it does not contain.`);
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

const list = (argument: unknown, scope: Scope) => resolveIn(argument, scope) as unknown[];

const INTRINSICS: Record<string, Intrinsic> = {
  Ref: (name, scope) => ref(String(name), scope),
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
    if (intrinsic) return intrinsic(argument, scope);
    if (name.startsWith('Fn::')) {
      const known = Object.keys(INTRINSICS).join(', ');
      throw new StackError(
        `The local stack does not know the intrinsic function ${name} in ${JSON.stringify(value)}. It knows ${known}. Add the function to local/intrinsics.ts.`,
      );
    }
  }
  const resolved = entries.map(([name, entry]) => [name, resolveIn(entry, scope)] as const);
  return Object.fromEntries(resolved.filter(([, entry]) => entry !== NO_VALUE));
}

/**
 * Creates the function that resolves the intrinsics which our templates use (Ref, Fn::GetAtt, Join, Sub, Select, Split)
 * and the pseudo parameters.
 * @param physical the existing resources by logical id; read at every call, so it may still grow
 * @returns a function that throws StackError for references and functions that it cannot resolve
 */
export function createResolver(template: Template, physical: ReadonlyMap<string, PhysicalResource>): Resolve {
  return (value) => {
    const resolved = resolveIn(value, { template, physical });
    return resolved === NO_VALUE ? undefined : resolved;
  };
}
