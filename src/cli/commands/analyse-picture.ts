// The readings of recordings as one SVG: a panel per file, strength over time, episodes as bands behind it.

import type { Reading } from '../../domain/signal.ts';
import type { Analysed } from './analyse-report.ts';

const WIDTH = 1000;
const PANEL = 150;
const LEFT = 40;
const RIGHT = 15;
const TOP = 28;
const CHART = 90;
/** At most this many marks on the time axis. */
const MARKS = 12;
const STEPS_S = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600] as const;

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);

const panel = ({ path, replay }: Analysed, index: number): string => {
  const until = Math.max(replay.until, 1);
  const x = (at: number): string => (LEFT + (at / until) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const y = (score: number): string => (TOP + CHART * (1 - score)).toFixed(1);
  const bottom = TOP + CHART;
  const step = STEPS_S.find((seconds) => until / 1000 / seconds <= MARKS) ?? 7200;
  const marks = Array.from({ length: Math.floor(until / 1000 / step) + 1 }, (_, mark) => {
    const at = mark * step;
    return `<path class="grid" d="M${x(at * 1000)} ${TOP}V${bottom}"/><text class="mark" x="${x(at * 1000)}" y="${bottom + 14}">${at}</text>`;
  });
  const bands = replay.episodes.map(
    ({ start, lastMotion, end, score }) =>
      `<rect class="calm" x="${x(start)}" y="${TOP}" width="${(Number(x(end)) - Number(x(start))).toFixed(1)}" height="${CHART}"/>` +
      `<rect class="episode" x="${x(start)}" y="${TOP}" width="${Math.max(1, Number(x(lastMotion)) - Number(x(start))).toFixed(1)}" height="${CHART}"><title>${(start / 1000).toFixed(1)}–${(lastMotion / 1000).toFixed(1)} s, ${score.toFixed(2)}</title></rect>`,
  );
  const bar = ({ pts, score }: Reading): string => `M${x(pts)} ${bottom}V${y(score)}`;
  const lines = (isMotion: boolean): string =>
    replay.readings
      .filter((reading) => reading.score > 0 && reading.isMotion === isMotion)
      .map(bar)
      .join('');
  return [
    `<g transform="translate(0 ${index * PANEL})">`,
    `<text class="name" x="${LEFT}" y="18">${escape(path)}</text>`,
    ...bands,
    ...marks,
    `<text class="mark" x="${LEFT - 14}" y="${Number(y(1)) + 4}">1</text><text class="mark" x="${LEFT - 14}" y="${bottom}">0</text>`,
    `<path class="doubt" d="${lines(false)}"/><path class="motion" d="${lines(true)}"/>`,
    `<path class="axis" d="M${LEFT} ${bottom}H${WIDTH - RIGHT}"/>`,
    '</g>',
  ].join('\n');
};

/** Grey bars are changes that were not confirmed as motion, dark ones are motion; the pale band is the calm period. */
export const pictureOf = (analysed: readonly Analysed[]): string => {
  const height = analysed.length * PANEL;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Readings over time, in seconds">
<style>
svg{background:#fff;font:12px sans-serif}.name{fill:#222;font-weight:600}.mark{fill:#666;text-anchor:middle}
.grid{stroke:#e4e4e4}.axis{stroke:#888}.episode{fill:#cfe3d6}.calm{fill:#eef5f0}
.motion{stroke:#17603a;stroke-width:1.6;fill:none}.doubt{stroke:#b9b9b9;stroke-width:1.2;fill:none}
</style>
${analysed.map(panel).join('\n')}
</svg>
`;
};
