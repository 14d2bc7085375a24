import { type Html, html, type Page, page } from '../redirect/html.ts';
import { statisticsAddress } from './address.ts';
import { clicksInWords, dayChart, inDigits, mostOf } from './chart.ts';
import type { Statistics } from './endpoints.ts';

type Counted = Statistics['countries'];

const STYLE = `
:root { color-scheme: light dark; background: Canvas; color: CanvasText; font: 1rem/1.5 system-ui, sans-serif; --people: #1e40af; --bots: #8a8f98; --line: #d4d7dd; }
@media (prefers-color-scheme: dark) { :root { --people: #93c5fd; --bots: #737a86; --line: #3d424b; } }
body { margin: 0; padding: 1.5rem; }
main { max-width: 52rem; margin: 0 auto; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.125rem; line-height: 1.25; margin: 2rem 0 .5rem; }
p { margin: 0; }
a { color: var(--people); }
.totals { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1.5rem 0 0; }
.totals dd { margin: 0; font-size: 1.75rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
.key { display: inline-block; width: .75rem; height: .75rem; margin-right: .375rem; border-radius: .125rem; }
.people { background: var(--people); fill: var(--people); }
.bots { background: var(--bots); fill: var(--bots); }
.chart { display: block; width: 100%; height: 10rem; margin-top: .5rem; border-block: 1px solid var(--line); }
.days { display: flex; justify-content: space-between; }
.counters { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); column-gap: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem 0; text-align: left; vertical-align: top; font-weight: normal; }
thead th { font-weight: 600; }
.number { text-align: right; padding-left: 1rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
details { margin-top: .75rem; }
summary { cursor: pointer; }
footer { margin-top: 2rem; }
:focus-visible { outline: 3px solid var(--people); outline-offset: 2px; }
`;

const PLATFORM_NAMES: Record<string, string> = {
  desktop: 'Computers',
  ios: 'iOS',
  android: 'Android',
  mobile: 'Other phones',
  tablet: 'Other tablets',
  tv: 'Televisions',
};

const countries = new Intl.DisplayNames('en', { type: 'region' });
const countryName = (code: string) => (/^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code);
const platformName = (platform: string) => PLATFORM_NAMES[platform] ?? platform;

/** A section with a table of values. `none` stands for clicks without a value. */
function counter(
  id: string,
  heading: string,
  column: string,
  counted: Counted,
  { none = 'Unknown', nameOf = (value: string) => value } = {},
): Html {
  const rows = counted.map(
    ({ value, count }) =>
      html`<tr><th scope="row"><bdi>${value === null ? none : nameOf(value)}</bdi></th><td class="number">${inDigits(count)}</td></tr>`,
  );
  const table = html`<table aria-labelledby="${id}">
<thead><tr><th scope="col">${column}</th><th scope="col" class="number">Clicks</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>`;
  return html`<section><h2 id="${id}">${heading}</h2>${counted.length > 0 ? table : html`<p>No clicks of people yet.</p>`}</section>`;
}

function dayTable(days: Statistics['days']): Html {
  const rows = days.map(
    ({ t, people, bots }) =>
      html`<tr><th scope="row"><time datetime="${t}">${t}</time></th><td class="number">${inDigits(people)}</td><td class="number">${inDigits(bots)}</td></tr>`,
  );
  return html`<details><summary>Clicks per day as a table</summary>
<table aria-labelledby="days">
<thead><tr><th scope="col">Day</th><th scope="col" class="number">People</th><th scope="col" class="number">Bots</th></tr></thead>
<tbody>
${rows}
</tbody>
</table></details>`;
}

function daysSection({ days, start, end, totals }: Statistics): Html {
  const most = mostOf(days);
  const description = `Clicks per day from ${start} to ${end}: ${clicksInWords(totals)}, at most ${inDigits(most)} on a day. The table below has the numbers.`;
  return html`<section><h2 id="days">Clicks per day</h2>
<p>The most on a day: ${inDigits(most)}</p>
${dayChart(days, description)}
<p class="days"><time datetime="${start}">${start}</time><time datetime="${end}">${end}</time></p>
${dayTable(days)}</section>`;
}

/** An address without its scheme, as people write it. */
const written = (url: string) => decodeURI(url).replace(/^https?:\/\//, '');

/**
 * 200: the statistics of a link. It contains nothing of the link but its address, which the visitor knows.
 * @param url the short link
 */
export function statisticsPage(
  statistics: Statistics,
  slug: string,
  url: string,
  headers: Record<string, string>,
): Page {
  const title = `Clicks of ${written(url)}`;
  const { totals, countries: byCountry, platforms, browsers, referrers } = statistics;
  const body = html`<main>
<h1>${title}</h1>
<p>The last 30 days and today, in UTC.</p>
<dl class="totals">
<div><dt><span class="key people"></span>People</dt><dd>${inDigits(totals.people)}</dd></div>
<div><dt><span class="key bots"></span>Bots</dt><dd>${inDigits(totals.bots)}</dd></div>
</dl>
${daysSection(statistics)}
<div class="counters">
${counter('countries', 'Countries', 'Country', byCountry, { nameOf: countryName })}
${counter('platforms', 'Platforms', 'Platform', platforms, { nameOf: platformName })}
${counter('browsers', 'Browsers', 'Browser', browsers)}
${counter('referrers', 'Referring websites', 'Website', referrers, { none: 'None or hidden' })}
</div>
<footer><p>Countries, platforms, browsers and websites count people only, and list the 20 with the most clicks. <a href="${statisticsAddress(slug)}">The same numbers as JSON</a></p></footer>
</main>`;
  return page({ status: 200, title, style: STYLE, body, headers });
}
