import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { linkFieldsSchema } from '../../../lambdas/links/fields.ts';
import { runs } from '../../full-runs.ts';

const stored = (written: unknown) =>
  linkFieldsSchema.safeParse({ expiry_datetime: written }).data?.expiry_datetime;
const sentences = (written: unknown) =>
  linkFieldsSchema.safeParse({ expiry_datetime: written }).error?.issues.map(({ message }) => message);

const digits = (number: number, length = 2) => String(number).padStart(length, '0');

/** Moments in every spelling of the grammar, each with its instant by plain arithmetic. */
const written = fc
  .record({
    day: fc.date({ min: new Date('0001-01-02Z'), max: new Date('9999-12-30Z'), noInvalidDate: true }),
    precision: fc.constantFrom('day', 'minute', 'second', 'fraction'),
    separator: fc.constantFrom('T', 't', ' '),
    fraction: fc.stringMatching(/^\d{1,9}$/),
    spaces: fc.constantFrom('', ' ', '   '),
    zone: fc.oneof(
      fc.constantFrom('', 'Z', 'z', 'UTC', 'GMT', 'utc'),
      fc.record({
        sign: fc.constantFrom('+', '-'),
        minutes: fc.integer({ min: 0, max: 14 * 60 }),
        form: fc.constantFrom('hh', 'hhmm', 'hh:mm'),
      }),
    ),
    around: fc.constantFrom('', ' ', '\n'),
  })
  .map(({ day, precision, separator, fraction, spaces, zone, around }) => {
    const [hour, minute, second] = [day.getUTCHours(), day.getUTCMinutes(), day.getUTCSeconds()];
    const date = `${digits(day.getUTCFullYear(), 4)}-${digits(day.getUTCMonth() + 1)}-${digits(day.getUTCDate())}`;
    const known = ['day', 'minute', 'second', 'fraction'].indexOf(precision);
    const time = [
      known >= 1 ? `${separator}${digits(hour)}:${digits(minute)}` : '',
      known >= 2 ? `:${digits(second)}` : '',
      known >= 3 ? `.${fraction}` : '',
    ].join('');
    let instant = new Date(day).setUTCHours(
      known >= 1 ? hour : 0,
      known >= 1 ? minute : 0,
      known >= 2 ? second : 0,
      known >= 3 ? Math.floor(Number(`0.${fraction}`) * 1_000 + 1e-7) : 0,
    );
    if (typeof zone === 'string') {
      const blanks = zone === '' ? '' : spaces;
      return { text: around + date + time + blanks + zone + around, instant };
    }
    const minutes = zone.form === 'hh' ? zone.minutes - (zone.minutes % 60) : zone.minutes;
    instant -= (zone.sign === '-' ? -1 : 1) * minutes * 60_000;
    const [hh, mm] = [digits(Math.floor(minutes / 60)), digits(minutes % 60)];
    const offset = { hh, hhmm: hh + mm, 'hh:mm': `${hh}:${mm}` }[zone.form];
    return { text: `${around}${date}${time}${spaces}${zone.sign}${offset}${around}`, instant };
  });

describe('a moment', () => {
  test('in any spelling of the grammar is the instant that arithmetic gives', () => {
    fc.assert(
      fc.property(written, ({ text, instant }) => {
        expect(stored(text)).toBe(new Date(instant).toISOString());
      }),
      { numRuns: runs(2_000, 300) },
    );
  });

  test('with one character that the grammar does not allow there is rejected', () => {
    const stray = fc.constantFrom(...'aexyTZ(),/;_−％０１');
    fc.assert(
      fc.property(written, stray, fc.nat(), ({ text }, character, at) => {
        const place = at % text.length;
        const broken = text.slice(0, place) + character + text.slice(place);
        // An inserted `T` may be valid in the grammar. Everything else is not.
        fc.pre(!/^\s*[\d-]+ *T? *[\d:.]* *(z|utc|gmt|[+-][\d:]+)?\s*$/i.test(broken));
        expect(stored(broken)).toBeUndefined();
      }),
      { numRuns: runs(2_000, 300) },
    );
  });

  test.each([
    ['2027-01-31 12:00:00+02', '2027-01-31T10:00:00.000Z'],
    ['2027-01-31 12:00:00 -05', '2027-01-31T17:00:00.000Z'],
    ['2027-01-31 12:00:00+530', undefined],
    ['2027-01-31 12:00:00+0530', '2027-01-31T06:30:00.000Z'],
    ['2027-01-31T12:00:00 UTC', '2027-01-31T12:00:00.000Z'],
    ['2027-01-31T12:00:00.9999999Z', '2027-01-31T12:00:00.999Z'],
    ['2027-01-31+02:00', '2027-01-30T22:00:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['0000-01-01', '0000-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
    ['2027-01-31T00:00:00+14:00', '2027-01-30T10:00:00.000Z'],
    ['2027-01-31T00:00:00-00:00', '2027-01-31T00:00:00.000Z'],
    [' ', null],
    [null, null],
  ])('%j is stored as %j', (text, iso) => {
    expect(stored(text)).toBe(iso);
  });

  test.each([
    '2027-02-30',
    '2027-02-29',
    '2027-04-31',
    '2027-00-01',
    '2027-13-01',
    '2027-01-00',
    '2027-01-31T24:00',
    '2027-01-31T25:00',
    '2027-01-31T12:60',
    '2027-01-31T23:59:60Z',
    '2027-01-31T12:00:00+14:01',
    '2027-01-31T12:00:00+15',
    '2027-01-31T12:00:00+02:60',
    '2027-01-31T12:00:00+99:99',
    '0000-01-01T00:00+01:00',
    '9999-12-31T23:59-01:00',
  ])('%j is rejected, because it does not exist', (text) => {
    expect(sentences(text)).toEqual([
      expect.stringMatching(/does not exist\. .*such as 2027-01-31T12:00:00Z/),
    ]);
  });

  test.each([
    '2027-01-31 12:00:00 GMT+2',
    '2027-01-31 12:00:00 (CET)',
    '2027-01-31 12:00:00 EST',
    '2027-01-31 12:00:00 Z+02',
    '2027-01-31  12:00',
    '2027-01-31T12',
    '2027-01-31T12:00.5',
    '2027-01-31T12:00:00,5Z',
    '2027-01-31T12:00:00.Z',
    '2027-01-31T12:00:00.1234567890Z',
    '2027-01-31T12:00:00+2',
    '2027-01-31T12:00:00−02:00',
    '2027-1-31',
    '20270131',
    '2027-031',
    '31.01.2027',
    '01/31/2027',
    'Sun, 31 Jan 2027 12:00:00 GMT',
    '+002027-01-31',
    '-000001-01-01',
    '10000-01-01',
    '1801396800',
    'tomorrow',
    '２０２７-01-31',
    '2027-01-31T12:00:00Z trailing',
  ])('%j is rejected with the expected format', (text) => {
    expect(sentences(text)).toEqual([expect.stringContaining('such as 2027-01-31T12:00:00Z')]);
  });

  test.each([
    '2027-01-31T12:00:00 02:00',
    '2027-01-31T12:00 0200',
    '2027-01-31 12:00:00 02',
    ' 2027-01-31 12:00:00.123 05:30 ',
  ])('%j lost its plus sign in a form, and the sentence says how to write it', (text) => {
    expect(sentences(text)).toEqual([expect.stringContaining('write + as %2B')]);
  });

  test.each([1801396800, true, ['2027-01-31'], { date: '2027-01-31' }])('%j is not text', (value) => {
    expect(sentences(value)).toEqual(['must be text or null']);
  });
});
