type Bar = { readonly name: string; readonly value: number };
type Group = { readonly name: string; readonly bars: readonly Bar[] };

const WIDTH = 760;
const LEFT = 150;
const RIGHT = 70;
const BAR = 13;
const GAP = 20;

const COLORS: { readonly [name: string]: string } = {
  ashlar: '#2f6f4f',
  'by hand': '#8a8f98',
  'by hand, role switch': '#b9bec6',
  'Platformatic DB': '#c58b3b',
  'Platformatic DB, no users': '#e3bd86',
  PostGraphile: '#8f6bb3',
  'Supabase Lite': '#4f86c6',
};

const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Groups of bars, each group on a scale of its own: a page of rows and a single row have nothing to do with each other. */
export const drawChart = (groups: readonly Group[]): string => {
  const parts: string[] = [];
  let y = 28;
  for (const { name, bars } of groups) {
    const most = Math.max(...bars.map(({ value }) => value));
    const middle = y + (bars.length * BAR) / 2 + 4;
    parts.push(`<text x="${LEFT - 10}" y="${middle}" text-anchor="end">${escapeText(name)}</text>`);
    for (const bar of bars) {
      const length = Math.max(1, ((WIDTH - LEFT - RIGHT) * bar.value) / most);
      parts.push(
        `<rect x="${LEFT}" y="${y}" width="${length.toFixed(1)}" height="${BAR - 2}" fill="${COLORS[bar.name] ?? '#999'}"><title>${escapeText(bar.name)}</title></rect>`,
        `<text x="${(LEFT + length + 5).toFixed(1)}" y="${y + BAR - 4}" class="value">${Math.round(bar.value).toLocaleString('en-US')}</text>`,
      );
      y += BAR;
    }
    y += GAP;
  }
  const seen = [...new Set(groups.flatMap(({ bars }) => bars.map(({ name }) => name)))];
  const legend = seen.map((name, i) => {
    const x = 10 + (i % 3) * 250;
    const at = y + Math.floor(i / 3) * 20;
    return `<rect x="${x}" y="${at - 10}" width="11" height="11" fill="${COLORS[name] ?? '#999'}"/><text x="${x + 17}" y="${at}">${escapeText(name)}</text>`;
  });
  const height = y + Math.ceil(seen.length / 3) * 20;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img">
<title>Requests a second, by work and contender</title>
<style>.value{font-size:10px;fill:#555}</style>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text x="10" y="16" font-weight="600">Requests a second (each work on its own scale)</text>
${[...parts, ...legend].join('\n')}
</svg>
`;
};
