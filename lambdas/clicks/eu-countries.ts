/** The European Union's members since 2020, by ISO 3166-1 alpha-2 code; the European Economic Area is larger. */
export const EU_COUNTRIES =
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');
