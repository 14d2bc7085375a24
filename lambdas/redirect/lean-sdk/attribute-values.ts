// Values of DynamoDB's JSON, as @aws-sdk/util-dynamodb converts them with `removeUndefinedValues`. Bytes are Base64 in
// JSON. test/lambdas/redirect/lean-sdk holds both to each other.

type AttributeValue = Record<string, any>;

const BYTES = new Set(['Buffer', 'Uint8Array']);

const isBytes = (value: object): value is Uint8Array => BYTES.has(value.constructor?.name);
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** @throws Error for a number that DynamoDB doesn't take, or that is not exact in JavaScript */
function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`Special numeric value ${value} is not allowed`);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER)
    throw new Error(`Number ${value} is not exact: send a bigint`);
  return String(value);
}

/** @throws Error for an empty set, and one of other values than texts, numbers and bytes */
function setValue(value: Set<unknown>): AttributeValue {
  const members = [...value].filter((member) => member !== undefined);
  const [first] = members;
  if (typeof first === 'string') return { SS: members };
  if (typeof first === 'number') return { NS: members.map((one) => numberText(one as number)) };
  if (typeof first === 'bigint') return { NS: members.map(String) };
  if (typeof first === 'object' && first !== null && isBytes(first))
    return { BS: members.map((one) => base64(one as Uint8Array)) };
  throw new Error(
    members.length === 0 ? 'A set must not be empty' : 'A set holds texts, numbers or bytes only',
  );
}

function objectValue(value: object): AttributeValue {
  if (Array.isArray(value)) {
    const kept = value.filter((entry) => entry !== undefined && typeof entry !== 'function');
    return { L: kept.map(toAttribute) };
  }
  if (value instanceof Set) return setValue(value);
  if (value instanceof Map) return { M: toAttributes(Object.fromEntries(value)) };
  if (isBytes(value)) return { B: base64(value) };
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && value.constructor?.name !== 'Object') throw new Error('Unsupported type passed');
  return { M: toAttributes(value as Record<string, unknown>) };
}

/**
 * The attribute value of a JavaScript value.
 * @throws Error for a value that DynamoDB has no type for
 */
export function toAttribute(value: unknown): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'number':
      return { N: numberText(value) };
    case 'bigint':
      return { N: String(value) };
    case 'boolean':
      return { BOOL: value };
    case 'object':
      return value === null ? { NULL: true } : objectValue(value);
    default:
      throw new Error(`Unsupported type passed: ${String(value)}`);
  }
}

/** The attribute values of an object's properties. Undefined ones are left out. */
export function toAttributes(object: Record<string, unknown>): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const name in object) {
    const value = object[name];
    if (value !== undefined && typeof value !== 'function') attributes[name] = toAttribute(value);
  }
  return attributes;
}

function toNumber(text: string): number | bigint {
  const value = Number(text);
  return Math.abs(value) > Number.MAX_SAFE_INTEGER && Number.isFinite(value) ? BigInt(text) : value;
}

const toBytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

/**
 * The JavaScript value of an attribute value in a response.
 * @throws Error for a type that DynamoDB doesn't have
 */
export function fromAttribute(attribute: AttributeValue): unknown {
  for (const type in attribute) {
    const value = attribute[type];
    if (value === undefined || value === null) continue;
    switch (type) {
      case 'S':
      case 'BOOL':
        return value;
      case 'N':
        return toNumber(value);
      case 'NULL':
        return null;
      case 'M':
        return fromAttributes(value);
      case 'L':
        return value.map(fromAttribute);
      case 'B':
        return toBytes(value);
      case 'SS':
        return new Set(value);
      case 'NS':
        return new Set(value.map(toNumber));
      case 'BS':
        return new Set(value.map(toBytes));
      default:
        throw new Error(`Unsupported type passed: ${type}`);
    }
  }
  throw new Error('No value defined');
}

/** The JavaScript values of an item in a response. */
export function fromAttributes(attributes: Record<string, AttributeValue>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name in attributes) {
    const attribute = attributes[name];
    if (attribute) values[name] = fromAttribute(attribute);
  }
  return values;
}
