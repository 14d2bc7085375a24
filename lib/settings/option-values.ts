import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** How the value of an option is read. Values come as text from `-c NAME=VALUE`, as JSON from cdk.json. */
export type Reader<T> = {
  /** What a value must be, as the end of a sentence that begins with "The context option x must be". */
  must: string;
  /** @returns undefined for a value that the option can't have */
  read: (value: unknown) => T | undefined;
};

/** A whole number within these bounds. */
export function wholeNumber(min: number, max: number): Reader<number> {
  return {
    must: `a whole number from ${min} to ${max}`,
    read: (value) => {
      const number = /^\d{1,9}$/.test(String(value)) ? Number(value) : Number.NaN;
      return number >= min && number <= max ? number : undefined;
    },
  };
}

/** `true` or `false`. */
export const yesOrNo: Reader<boolean> = {
  must: 'true or false',
  read: (value) => ({ true: true, false: false })[String(value)],
};

/** A text of a certain form. */
export function text(must: string, form: RegExp): Reader<string> {
  return { must, read: (value) => (typeof value === 'string' && form.test(value) ? value : undefined) };
}

/** The periods after which CloudWatch can forget log lines, in days. */
const RETENTIONS = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

/** A number of days that CloudWatch Logs takes. */
export const retentionDays: Reader<RetentionDays> = {
  must: `a number of days that CloudWatch Logs takes: ${RETENTIONS.join(', ')}`,
  read: (value) => RETENTIONS.find((days) => String(days) === String(value)),
};

/** An origin: scheme and host, nothing behind them but perhaps a slash. */
export const origin: Reader<string> = {
  must: 'an address without a path, such as https://links.example.com',
  read: (value) => {
    const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
    const isOrigin = url && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href;
    return isOrigin ? url.origin : undefined;
  },
};

const HOST_NAME = '(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])';
const HOST = new RegExp(`^${HOST_NAME}$`);

/** A full host name, in the letters of DNS. */
export const hostName = text('a host name in small letters, such as links.example.com', HOST);

/** Host names, with commas between them or as a list. */
export const hostNames: Reader<string[]> = {
  must: 'host names in small letters with commas between them, such as go.example.com,to.example.com',
  read: (value) => {
    const names = Array.isArray(value) ? value : String(value).split(/\s*,\s*/);
    return names.every((name) => HOST.test(String(name))) ? names.map(String) : undefined;
  },
};

/** An e-mail address. */
export const emailAddress = text('an e-mail address', /^[^\s@]+@[^\s@]+\.[^\s@]+$/);

/** The name of a table in DynamoDB. */
export const tableName = text('the name of a table in DynamoDB', /^[\w.-]{3,255}$/);

/** The ARN of a certificate in ACM. */
export const certificateArn = text(
  'the ARN of a certificate in ACM, such as arn:aws:acm:eu-west-1:111122223333:certificate/…',
  /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/,
);

/** A secret that can travel in a header. */
export const headerSecret = text(
  'at least 16 characters long and have no space in it (openssl rand -hex 32 makes one)',
  /^[!-~]{16,512}$/,
);
