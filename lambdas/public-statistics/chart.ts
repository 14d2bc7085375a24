import { type Html, html, trustedHtml } from '../redirect/html.ts';
import type { Statistics } from './endpoints.ts';

type Day = Statistics['days'][number];

const HEIGHT = 100;
/** The width of a day in the chart, and of its bar. The chart is stretched to the width of the page. */
const DAY_WIDTH = 10;
const BAR_WIDTH = 8;

/** A number for people: 1,234. */
export const inDigits = (value: number) => value.toLocaleString('en');

/** The clicks of a day in words: 2 people, 1 bot. */
export const clicksInWords = ({ people, bots }: Pick<Day, 'people' | 'bots'>) =>
  `${inDigits(people)} ${people === 1 ? 'person' : 'people'}, ${inDigits(bots)} ${bots === 1 ? 'bot' : 'bots'}`;

/** The most clicks of a day. */
export const mostOf = (days: Day[]) => Math.max(...days.map(({ people, bots }) => people + bots));

function bar(kind: 'people' | 'bots', x: number, top: number, height: number): Html {
  if (height === 0) return trustedHtml('');
  const [y, length] = [top, height].map((value) => value.toFixed(2));
  return trustedHtml(
    `<rect class="${kind}" x="${x}" y="${y}" width="${BAR_WIDTH}" height="${length}"></rect>`,
  );
}

/** A bar for each day: the clicks of people, and above them those of bots. A table has to show the same numbers. */
export function dayChart(days: Day[], description: string): Html {
  const most = Math.max(mostOf(days), 1);
  const heightOf = (clicks: number) => (clicks / most) * HEIGHT;
  const bars = days.map((day, index) => {
    const x = index * DAY_WIDTH + (DAY_WIDTH - BAR_WIDTH) / 2;
    const people = heightOf(day.people);
    const bots = heightOf(day.bots);
    const drawn = [bar('people', x, HEIGHT - people, people), bar('bots', x, HEIGHT - people - bots, bots)];
    return html`<g><title>${day.t}: ${clicksInWords(day)}</title>${drawn}</g>`;
  });
  const viewBox = `0 0 ${days.length * DAY_WIDTH} ${HEIGHT}`;
  return html`<svg class="chart" viewBox="${viewBox}" preserveAspectRatio="none" role="img" aria-label="${description}">
${bars}
</svg>`;
}
