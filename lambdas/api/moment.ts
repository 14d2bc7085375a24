import * as z from 'zod';
import { text } from './fields.ts';

// Exactly one grammar, because Date.parse ignores what it does not know, such as `+02` after a space.
const DATE = String.raw`(?<date>\d{4}-\d\d-\d\d)`;
const TIME = String.raw`(?:[t ](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:\.(?<fraction>\d{1,9}))?)?)?`;
const ZONE = String.raw`(?: *(?:z|utc|gmt|(?<sign>[+-])(?<zoneHour>\d\d)(?::?(?<zoneMinute>\d\d))?))?`;
const MOMENT = new RegExp(`^${DATE}${TIME}${ZONE}$`, 'i');

const EXAMPLES = 'such as 2027-01-31T12:00:00Z or 2027-01-31 12:00 +02:00, in UTC unless it names an offset';
const FORM = `must be a date and time ${EXAMPLES}`;
const NONE = `names a day, a time or an offset that does not exist. Enter one that exists, ${EXAMPLES}`;

/** An unescaped `+` in a form or a URL arrives as a space. */
const LOST_PLUS = / (?=\d\d(?::?\d\d)?$)/;
const lostPlus = (text: string) => MOMENT.exec(text.replace(LOST_PLUS, '+'))?.groups?.hour !== undefined;
const PLUS =
  'has a space before its offset. In a form or a URL, write + as %2B, such as 2027-01-31T12:00:00%2B02:00';

const MINUTE_MS = 60_000;
/** The largest offset in use, that of Kiribati. */
const MAX_OFFSET_MINUTES = 14 * 60;

type Parts = Record<string, string | undefined>;

/** Minutes east of UTC; NaN when no place has such an offset. */
function offsetMinutes({ sign, zoneHour, zoneMinute = '0' }: Parts): number {
  if (sign === undefined) return 0;
  const minutes = Number(zoneHour) * 60 + Number(zoneMinute);
  if (Number(zoneMinute) > 59 || minutes > MAX_OFFSET_MINUTES) return Number.NaN;
  return sign === '-' ? -minutes : minutes;
}

/** @returns the moment as ISO 8601 in UTC; undefined when its parts are not a moment in the years 0000 to 9999 */
function isoOf(parts: Parts): string | undefined {
  const { date = '', hour = '00', minute = '00', second = '00', fraction = '' } = parts;
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3);
  const written = `${date}T${hour}:${minute}:${second}.${milliseconds}Z`;
  const local = new Date(written);
  // JavaScript reads 30 February as 2 March, and 24:00 as the next day.
  if (Number.isNaN(local.getTime()) || local.toISOString() !== written) return undefined;
  const moment = new Date(local.getTime() - offsetMinutes(parts) * MINUTE_MS);
  const iso = Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
  return iso?.length === written.length ? iso : undefined;
}

/**
 * A moment as ISO 8601 in UTC, to the millisecond. Clients write a date, then optionally `T` or a space and a time,
 * with optional seconds and fraction, then optionally an offset: `Z`, `UTC`, `GMT`, `+02`, `+0200` or `+02:00`.
 */
export const moment = text(64).transform((value, context) => {
  if (value === null) return null;
  const parts = MOMENT.exec(value.trim())?.groups;
  const iso = parts && isoOf(parts);
  if (iso !== undefined) return iso;
  context.addIssue(parts ? NONE : lostPlus(value.trim()) ? PLUS : FORM);
  return z.NEVER;
});
