/** A part of a message, from top to bottom. */
export type Part =
  | { kind: 'title'; text: string; isLink?: boolean }
  /** Labels in one column and values in the next. */
  | { kind: 'rows'; facts: [string, string][] }
  /** Each label above its value. Facts that are not wide share a line. */
  | { kind: 'stacked'; facts: [label: string, value: string, wide: boolean][] }
  /** Each label in front of its value. */
  | { kind: 'lines'; facts: [string, string][] }
  | { kind: 'quiet'; text: string; link?: string }
  | { kind: 'button'; text: string };

/** How a chat tool looks: its name, whether it is dark, and the color of the bar at the left. */
export type Look = { tool: string; dark: boolean; bar?: string };

const WIDTH = 680;
const LEFT = 36;
const LINE = 22;
const CHARACTERS = 72;

const xml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Breaks a text into lines of at most this many characters. */
function wrapped(text: string, characters: number): string[] {
  const lines: string[] = [];
  for (let rest = [...text]; rest.length > 0; rest = rest.slice(characters))
    lines.push(rest.slice(0, characters).join(''));
  return lines;
}

/** Draws from top to bottom and remembers how far it is. */
class Drawing {
  readonly drawn: string[] = [];
  y = 74;

  at(x: number, text: string, style = ''): void {
    this.drawn.push(`  <text x="${x}" y="${this.y}"${style ? ` class="${style}"` : ''}>${xml(text)}</text>`);
  }

  /** Writes lines at a column and moves below them. */
  column(x: number, text: string, style = '', characters = CHARACTERS): void {
    for (const line of wrapped(text, characters)) {
      this.at(x, line, style);
      this.y += LINE;
    }
  }

  stacked(facts: [string, string, boolean][]): void {
    const columns = 2;
    let column = 0;
    for (const [label, value, wide] of facts) {
      if (wide && column > 0) this.y += 2 * LINE + 8;
      if (wide) column = 0;
      const x = LEFT + column * ((WIDTH - LEFT) / columns);
      this.at(x, label, 'label');
      this.y += LINE - 3;
      const before = this.y;
      this.column(x, value, '', wide ? CHARACTERS : CHARACTERS / columns - 2);
      column = wide ? 0 : (column + 1) % columns;
      this.y = column > 0 ? before - LINE + 3 : this.y + 8;
    }
    if (column > 0) this.y += 2 * LINE + 8;
  }

  part(part: Part): void {
    if (part.kind === 'title') this.column(LEFT, part.text, part.isLink ? 'title link' : 'title', 58);
    else if (part.kind === 'stacked') this.stacked(part.facts);
    else if (part.kind === 'rows') {
      for (const [label, value] of part.facts) {
        this.at(LEFT, label, 'label');
        this.column(LEFT + 130, value, '', 52);
      }
    } else if (part.kind === 'lines') {
      for (const [label, value] of part.facts) {
        const [first = '', ...others] = wrapped(`${label}: ${value}`, CHARACTERS);
        const rest = xml(first.slice(label.length + 1));
        this.drawn.push(
          `  <text x="${LEFT}" y="${this.y}"><tspan class="label">${xml(label)}:</tspan>${rest}</text>`,
        );
        this.y += LINE;
        for (const line of others) this.column(LEFT, line);
      }
    } else {
      const link = part.kind === 'button' ? part.text : part.link;
      if (part.kind === 'quiet') this.at(LEFT, part.text, 'quiet');
      if (link) this.at(part.kind === 'quiet' ? LEFT + 190 : LEFT, link, 'link');
      this.y += LINE;
    }
    this.y += 6;
  }
}

const LIGHT = { page: '#ffffff', edge: '#d1d9e0', text: '#1f2328', quiet: '#59636e', link: '#1264a3' };
const DARK = { page: '#2b2d31', edge: '#2b2d31', text: '#dbdee1', quiet: '#949ba4', link: '#00a8fc' };

/** A message as a picture. */
export function messagePicture({ tool, dark, bar }: Look, parts: Part[]): string {
  const drawing = new Drawing();
  for (const part of parts) drawing.part(part);
  const height = drawing.y + 6;
  const color = dark ? DARK : LIGHT;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">
  <title id="title">The message of a click in ${tool}</title>
  <style>
    text { font: 15px system-ui, -apple-system, "Segoe UI", sans-serif; fill: ${color.text}; }
    .name, .label { font-weight: 600; }
    .title { font-weight: 700; font-size: 17px; }
    .quiet { font-size: 13px; fill: ${color.quiet}; }
    .link { fill: ${color.link}; }
  </style>
  <rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8" fill="${color.page}" stroke="${color.edge}"/>
  <text x="16" y="30" class="name">Clickhook</text>
  <text x="108" y="30" class="quiet">${tool}</text>
  <rect x="16" y="46" width="4" height="${height - 62}" rx="2" fill="${bar ?? color.edge}"/>
${drawing.drawn.join('\n')}
</svg>
`;
}
