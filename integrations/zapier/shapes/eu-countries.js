/**
 * The member states of the European Union, by ISO 3166-1 alpha-2 code. An export of clicks has only the country. A test
 * compares this list with the one of Clickhook itself, which this package does not contain.
 */
export const EU_COUNTRIES = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
);
