// The place: a Danish farm yard above a fjord, late in a summer afternoon. Drawn by hand as SVG on a 1280 x 720 sheet,
// in layers, so that clouds can drift behind the land and figures walk between the yard and the foreground.

export const SHEET = { width: 1280, height: 720 } as const;

/** Light falls from the left; nothing in the picture may be darker than this green-black. */
const INK = '#16241d';

const repeat = (count: number, draw: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => draw(index)).join('');

/** A fixed scatter in [0, 1): the same drawing every time it is rendered. */
const scatter = (index: number, salt: number): number => {
  const value = Math.sin(index * 127.1 + salt * 311.7) * 43758.5453;
  return value - Math.floor(value);
};

const gradient = (
  id: string,
  stops: readonly (readonly [number, string, number?])[],
  direction = 'x1="0" y1="0" x2="0" y2="1"',
): string =>
  `<linearGradient id="${id}" ${direction}>${stops
    .map(([at, colour, opacity = 1]) => `<stop offset="${at}" stop-color="${colour}" stop-opacity="${opacity}"/>`)
    .join('')}</linearGradient>`;

const DEFS = `<defs>
  ${gradient('sky', [
    [0, '#9fc6cc'],
    [0.45, '#cfe0d6'],
    [0.8, '#f3ead2'],
    [1, '#fbe9c8'],
  ])}
  ${gradient('sea', [
    [0, '#a9cccb'],
    [1, '#7fb0b4'],
  ])}
  ${gradient('lawn', [
    [0, '#9dbb70'],
    [0.45, '#7ba55f'],
    [1, '#4f8350'],
  ])}
  ${gradient('gravel', [
    [0, '#ecdfc3'],
    [1, '#d3bd95'],
  ])}
  ${gradient(
    'wall',
    [
      [0, '#fdf8ea'],
      [1, '#f0e4cb'],
    ],
    'x1="0" y1="0" x2="1" y2="0.3"',
  )}
  ${gradient('roof', [
    [0, '#c9714f'],
    [1, '#a5513a'],
  ])}
  ${gradient(
    'tar',
    [
      [0, '#4a5a50'],
      [1, '#2d3b34'],
    ],
    'x1="0" y1="0" x2="1" y2="0"',
  )}
  ${gradient(
    'glass',
    [
      [0, '#e9f0e2'],
      [0.5, '#9dbfb9'],
      [1, '#6f9a96'],
    ],
    'x1="0" y1="0" x2="0.7" y2="1"',
  )}
  ${gradient(
    'trunk',
    [
      [0, '#8a6a4b'],
      [1, '#4f3b2b'],
    ],
    'x1="0" y1="0" x2="1" y2="0"',
  )}
  <radialGradient id="sun"><stop offset="0" stop-color="#fffaf0" stop-opacity="1"/><stop offset="0.12" stop-color="#fff3d2" stop-opacity="0.85"/><stop offset="1" stop-color="#fff0c8" stop-opacity="0"/></radialGradient>
  <radialGradient id="leaf" cx="0.32" cy="0.28" r="0.8"><stop offset="0" stop-color="#a9c274"/><stop offset="0.55" stop-color="#5f8f4e"/><stop offset="1" stop-color="#2f6142"/></radialGradient>
  <radialGradient id="farleaf" cx="0.32" cy="0.28" r="0.8"><stop offset="0" stop-color="#9db57c"/><stop offset="1" stop-color="#5d855f"/></radialGradient>
  <radialGradient id="cloud" cx="0.4" cy="0.3" r="0.7"><stop offset="0" stop-color="#fffdf6" stop-opacity="0.95"/><stop offset="0.6" stop-color="#fff6e4" stop-opacity="0.8"/><stop offset="1" stop-color="#f6e6cd" stop-opacity="0"/></radialGradient>
  <filter id="soft" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="7"/></filter>
  <filter id="haze" x="-10%" y="-30%" width="120%" height="160%"><feGaussianBlur stdDeviation="2.2"/></filter>
</defs>`;

const sheet = (body: string, width: number, height: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${SHEET.width} ${SHEET.height}">${DEFS}${body}</svg>`;

const sky = (): string =>
  `<rect width="1280" height="300" fill="url(#sky)"/><circle cx="300" cy="196" r="330" fill="url(#sun)"/>`;

const puff = (x: number, y: number, width: number): string =>
  [
    [0, 0, 0.5, 0.2],
    [-0.28, 0.05, 0.3, 0.13],
    [0.3, 0.06, 0.34, 0.12],
    [-0.08, -0.08, 0.26, 0.16],
    [0.14, -0.05, 0.22, 0.14],
  ]
    .map(
      ([dx = 0, dy = 0, rx = 0, ry = 0]) =>
        `<ellipse cx="${x + dx * width}" cy="${y + dy * width}" rx="${rx * width}" ry="${ry * width}" fill="url(#cloud)"/>`,
    )
    .join('');

const farClouds = (): string =>
  `<g opacity="0.8">${puff(520, 168, 150)}${puff(120, 120, 130)}${puff(760, 186, 110)}${puff(980, 150, 150)}</g>`;
const nearClouds = (): string => `${puff(640, 82, 260)}${puff(250, 60, 200)}${puff(930, 66, 190)}`;

const bush = (x: number, y: number, radius: number, fill = 'leaf'): string =>
  `<circle cx="${x}" cy="${y}" r="${radius}" fill="url(#${fill})"/>`;

/** A row of round trees or shrubs along a line. */
const row = (
  from: readonly [number, number],
  to: readonly [number, number],
  count: number,
  radius: number,
  salt: number,
  fill = 'farleaf',
): string =>
  repeat(count, (index) => {
    const along = index / Math.max(1, count - 1);
    const size = radius * (0.7 + 0.6 * scatter(index, salt));
    return bush(from[0] + (to[0] - from[0]) * along, from[1] + (to[1] - from[1]) * along - size * 0.5, size, fill);
  });

const church = (): string => `<g transform="translate(452 236)">
  <rect x="0" y="-16" width="34" height="16" fill="#f7f0de"/><path d="M-2 -16 L4 -26 L32 -26 L36 -16 Z" fill="#b4664a"/>
  <path d="M-16 0 V-34 h3 v-5 h4 v-5 h6 v5 h4 v5 h3 V0 Z" fill="#fbf5e6"/><path d="M-2 -34 V0 h-5 V-34z" fill="#e6dac0"/>
  <rect x="-9" y="-26" width="3" height="6" rx="1.5" fill="#7c8b7f"/></g>`;

const far = (): string => `
  <rect y="226" width="1280" height="60" fill="url(#sea)"/>
  <path d="M0 236 C120 224 230 222 330 230 S520 238 640 228 S900 214 1050 222 S1230 222 1280 216 V246 H0 Z" fill="#a8c0ad"/>
  <path d="M0 244 C160 238 240 236 400 240 S700 238 1280 234 V250 C900 252 500 250 0 252 Z" fill="#8fb095"/>
  ${church()}
  ${row([486, 240], [640, 238], 9, 6, 3)}${row([380, 242], [430, 241], 4, 5, 5)}
  <g fill="#fdf6df">${repeat(14, (index) => `<rect x="${215 + scatter(index, 1) * 180}" y="${253 + index * 1.7}" width="${10 + scatter(index, 2) * 34}" height="1.3" rx="0.6" opacity="${0.75 - index * 0.03}"/>`)}</g>
  <g transform="translate(118 262)"><path d="M0 0 L1 -27 L15 -3 Z" fill="#fdf8ea"/><path d="M-1 -3 L0 -24 L-8 -3 Z" fill="#efe3c8"/><path d="M-12 0 H18 L13 5 H-8 Z" fill="#7a4a3a"/></g>`;

const fields = (): string => `
  <path d="M0 282 C180 262 330 262 520 274 S900 288 1280 262 V400 H0 Z" fill="#c9c987"/>
  <path d="M0 282 C180 262 330 262 520 274 L470 330 L0 330 Z" fill="#dfce7e"/>
  <path d="M0 300 C160 290 300 296 470 300 S860 306 1280 284 V420 H0 Z" fill="#a9c07c"/>
  ${repeat(13, (index) => `<path d="M${-60 + index * 46} 345 L${130 + index * 27} 297" stroke="#93b06c" stroke-width="3" opacity="0.55"/>`)}
  <path d="M0 326 C200 316 420 326 640 324 S1100 318 1280 310 V420 H0 Z" fill="#d9c78a"/>
  ${row([0, 288], [300, 270], 16, 8, 7)}${row([300, 270], [560, 282], 12, 7, 8)}${row([0, 332], [600, 330], 30, 9, 9)}`;

/** Trees behind house and barn. */
const grove =
  (): string => `${bush(548, 270, 44, 'farleaf')}${bush(600, 246, 54, 'farleaf')}${bush(676, 232, 60, 'farleaf')}${bush(1020, 238, 62, 'farleaf')}${bush(1090, 262, 58, 'farleaf')}${bush(1168, 250, 70, 'farleaf')}${bush(1250, 268, 66, 'farleaf')}
  ${bush(70, 318, 46)}${bush(20, 330, 50)}${bush(420, 330, 34)}${bush(466, 344, 28)}${bush(510, 338, 32)}`;

const ground = (): string => `
  <path d="M0 372 C240 356 520 372 760 366 S1140 356 1280 362 V720 H0 Z" fill="url(#lawn)"/>
  ${repeat(9, (index) => `<path d="M${520 + index * 30} 366 L${-260 + index * 210} 720 L${-150 + index * 210} 720 L${536 + index * 30} 366 Z" fill="#eaf0b4" opacity="0.07"/>`)}
  <path d="M1280 548 C1120 540 1010 520 930 500 C890 488 866 470 858 438 L762 438 C764 470 740 488 690 492 C580 498 470 470 400 458 L118 458 C96 500 70 560 96 604 C180 656 420 660 640 640 C860 622 1080 640 1280 668 Z" fill="url(#gravel)"/>
  <path d="M1280 584 C1080 566 900 560 700 566 C520 572 330 566 190 570" fill="none" stroke="#c9b189" stroke-width="7" opacity="0.38"/>
  <path d="M1280 634 C1080 606 880 594 690 602 C520 610 330 612 200 608" fill="none" stroke="#c9b189" stroke-width="8" opacity="0.38"/>
  <g fill="#b79c72">${repeat(150, (index) => {
    const x = 110 + scatter(index, 21) * 1150;
    const y = 505 + scatter(index, 22) * 110;
    return `<ellipse cx="${x}" cy="${y}" rx="${1 + scatter(index, 23) * 2}" ry="${0.7 + scatter(index, 24)}" opacity="${0.25 + scatter(index, 25) * 0.3}"/>`;
  })}</g>
  <g stroke="#3f7446" stroke-width="2" stroke-linecap="round" opacity="0.6">${repeat(110, (index) => {
    const x = scatter(index, 31) * 1280;
    const y = 655 + scatter(index, 32) * 60;
    return `<path d="M${x} ${y} q${-3 + 6 * scatter(index, 33)} -7 ${-4 + 8 * scatter(index, 34)} -13"/>`;
  })}</g>`;

const pane = (x: number, y: number, width: number, height: number): string => `<g transform="translate(${x} ${y})">
  <rect x="-4" y="-4" width="${width + 8}" height="${height + 8}" fill="#fffdf6"/><rect width="${width}" height="${height}" fill="url(#glass)"/>
  <path d="M0 ${height * 0.7} L${width * 0.6} 0 H${width * 0.25} L0 ${height * 0.35} Z" fill="#fff" opacity="0.28"/>
  <path d="M${width / 2} 0 V${height} M0 ${height / 3} H${width} M0 ${(height * 2) / 3} H${width}" stroke="#1d6b50" stroke-width="2.6"/>
  <rect width="${width}" height="${height}" fill="none" stroke="#176a4e" stroke-width="4"/>
  <rect x="-6" y="${height + 4}" width="${width + 12}" height="4" fill="#d8c9a8"/></g>`;

const flowers = (x: number, y: number, count: number, colours: readonly string[], salt: number): string =>
  `<g>${repeat(count, (index) => {
    const left = x + index * 7 + scatter(index, salt) * 4;
    const height = 26 + scatter(index, salt + 1) * 34;
    const colour = colours[index % colours.length] ?? '#c86b6b';
    return `<path d="M${left} ${y} V${y - height}" stroke="#4c7d46" stroke-width="2.4"/>${repeat(4, (bloom) => `<circle cx="${left + (bloom % 2) * 2 - 1}" cy="${y - height + bloom * 7}" r="${2.6 + bloom * 0.4}" fill="${colour}"/>`)}<circle cx="${left}" cy="${y - 3}" r="7" fill="#5a8c4c"/>`;
  })}</g>`;

const house = (): string => `
  <path d="M560 446 H1128 L1190 462 H620 Z" fill="${INK}" opacity="0.16" filter="url(#soft)"/>
  <rect x="566" y="318" width="536" height="122" fill="url(#wall)"/><rect x="566" y="428" width="536" height="14" fill="#4a5550"/>
  <rect x="566" y="318" width="536" height="16" fill="#6b5a48" opacity="0.25"/>
  <rect x="650" y="196" width="26" height="44" fill="#fbf5e6"/><rect x="668" y="196" width="8" height="44" fill="#dccfb2"/><rect x="646" y="192" width="34" height="7" fill="#a5513a"/>
  <rect x="990" y="196" width="26" height="44" fill="#fbf5e6"/><rect x="1008" y="196" width="8" height="44" fill="#dccfb2"/><rect x="986" y="192" width="34" height="7" fill="#a5513a"/>
  <path d="M546 326 L598 226 H1070 L1122 326 Z" fill="url(#roof)"/>
  <g stroke="#8d4431" stroke-width="1.4" opacity="0.38">${repeat(9, (index) => `<path d="M${592 - index * 5.2} ${237 + index * 10} H${1076 + index * 5.2}"/>`)}</g>
  <g stroke="#e09a76" stroke-width="1.1" opacity="0.28">${repeat(46, (index) => `<path d="M${602 + index * 10.2} 229 L${552 + index * 12.35} 324"/>`)}</g>
  <rect x="594" y="222" width="480" height="6" rx="3" fill="#8d4431"/><rect x="544" y="322" width="580" height="6" rx="2" fill="#7d3d2d"/>
  <path d="M742 330 V268 L812 206 L882 268 V330 Z" fill="url(#wall)"/><path d="M732 274 L812 202 L892 274 L886 282 L812 216 L738 282 Z" fill="#a5513a"/>
  <path d="M812 216 L882 276 V330 H862 V262 Z" fill="#e5d8bb" opacity="0.6"/>
  ${pane(795, 262, 34, 44)}
  ${pane(596, 352, 38, 52)}${pane(668, 352, 38, 52)}${pane(908, 352, 38, 52)}${pane(980, 352, 38, 52)}${pane(1046, 352, 38, 52)}
  <rect x="778" y="344" width="68" height="94" fill="#fffdf6"/><rect x="784" y="350" width="56" height="88" fill="#176a4e"/><rect x="784" y="350" width="56" height="22" fill="url(#glass)"/>
  <path d="M812 350 V438 M784 372 H840" stroke="#0f4d39" stroke-width="3"/><rect x="790" y="380" width="17" height="22" fill="none" stroke="#2f8a68" stroke-width="2"/><rect x="817" y="380" width="17" height="22" fill="none" stroke="#2f8a68" stroke-width="2"/>
  <rect x="790" y="408" width="17" height="24" fill="none" stroke="#2f8a68" stroke-width="2"/><rect x="817" y="408" width="17" height="24" fill="none" stroke="#2f8a68" stroke-width="2"/><circle cx="808" cy="405" r="2.4" fill="#e7c66b"/>
  <path d="M768 438 H856 V446 H768 Z" fill="#cfc4ab"/><path d="M758 446 H866 V456 H758 Z" fill="#b9ad92"/><path d="M758 456 H866 V459 H758Z" fill="#8d8371"/>
  <path d="M862 356 v10 M856 366 h12 l-2 14 h-8 Z" fill="#f7e3a0" stroke="${INK}" stroke-width="2.4"/>
  ${flowers(574, 444, 24, ['#c9566b', '#e9a0a8', '#f4d9c8', '#a63d5c'], 41)}${flowers(884, 444, 30, ['#e8b04a', '#f4d9c8', '#c9566b', '#d9798a'], 45)}`;

const barn = (): string => `
  <path d="M120 458 H440 L500 478 H180 Z" fill="${INK}" opacity="0.2" filter="url(#soft)"/>
  <path d="M128 460 V350 L262 262 L396 350 V460 Z" fill="url(#tar)"/>
  <g stroke="${INK}" stroke-width="1.3" opacity="0.42">${repeat(21, (index) => {
    const x = 138 + index * 12.4;
    return `<path d="M${x} 458 V${Math.max(272, 350 - (134 - Math.abs(262 - x)) * 0.66)}"/>`;
  })}</g>
  <path d="M110 358 L262 252 L414 358 L406 368 L262 268 L118 368 Z" fill="url(#roof)"/>
  <path d="M262 252 L414 358 L406 368 L262 268 Z" fill="#8d4431" opacity="0.45"/>
  <rect x="196" y="366" width="132" height="94" fill="#1f6b50"/><path d="M262 366 V460" stroke="${INK}" stroke-width="2.5"/>
  <path d="M200 370 L258 456 M258 370 L200 456 M266 370 L324 456 M324 370 L266 456" stroke="#dfe6d6" stroke-width="3.4" opacity="0.85"/>
  <rect x="198" y="368" width="62" height="90" fill="none" stroke="#dfe6d6" stroke-width="3.4"/><rect x="264" y="368" width="62" height="90" fill="none" stroke="#dfe6d6" stroke-width="3.4"/>
  ${pane(246, 306, 32, 30)}
  <g transform="translate(346 460)">${repeat(24, (index) => `<circle cx="${(index % 6) * 10 + (Math.floor(index / 6) % 2) * 5}" cy="${-6 - Math.floor(index / 6) * 9}" r="5.2" fill="${index % 3 === 0 ? '#d9b98a' : '#c49f6e'}" stroke="#7d5d3c" stroke-width="1"/>`)}</g>
  ${flowers(134, 460, 8, ['#e8b04a', '#f4e2b0'], 51)}`;

const flagpole =
  (): string => `<path d="M492 448 V150" stroke="#fbf7ea" stroke-width="4.4"/><path d="M494 448 V150" stroke="#d3c8ac" stroke-width="1.6"/><circle cx="492" cy="147" r="4.4" fill="#dcb75c"/>
  <path d="M495 158 C512 164 520 160 532 170 C524 182 516 190 508 206 C504 200 500 196 495 194 Z" fill="#c0343c"/><path d="M495 172 C509 177 518 175 528 180 L525 185 C516 182 508 184 495 180 Z" fill="#fbf7ea"/><path d="M504 161 L510 162 C509 176 507 188 505 201 L500 197 C503 186 504 174 504 161 Z" fill="#fbf7ea"/>
  <circle cx="492" cy="449" r="8" fill="#8e9a86"/>`;

const letterBox =
  (): string => `<ellipse cx="1112" cy="536" rx="26" ry="5" fill="${INK}" opacity="0.25"/><rect x="1096" y="470" width="7" height="66" fill="#7b5c3f"/>
  <path d="M1070 446 q0 -12 12 -12 h36 q12 0 12 12 v30 h-60 Z" fill="#176a4e"/><path d="M1118 434 q12 0 12 12 v30 h-14 v-30 q0 -10 -8 -12 Z" fill="#0f4d39"/><rect x="1078" y="450" width="30" height="4.5" rx="2" fill="#0b3929"/><path d="M1082 462 h22" stroke="#dfe6d6" stroke-width="2.4"/>`;

const fence = (): string =>
  `<g>${repeat(9, (index) => {
    const x = 1150 + index * 17;
    const y = 508 + index * 1.2;
    return `<path d="M${x} ${y + 14} V${y - 34} l4 -6 l4 6 V${y + 14} Z" fill="#fdf8ea"/><path d="M${x + 6} ${y + 14} V${y - 34} l2 0 V${y + 14} Z" fill="#d8cdb2"/>`;
  })}<path d="M1146 488 L1284 498 v5 L1146 493 Z M1146 508 L1284 518 v5 L1146 513 Z" fill="#efe6d0"/></g>`;

const hedge = (): string =>
  `<g>${repeat(17, (index) => bush(1110 + index * 12, 442 - scatter(index, 61) * 8, 26 + scatter(index, 62) * 8))}</g>`;

/** The big lime tree whose crown frames the picture at the right; its trunk stands in front of everybody. */
const tree = (): string => {
  const crown = (count: number, salt: number, radius: number, tint: string): string =>
    repeat(count, (index) => {
      const angle = scatter(index, salt) * 6.283;
      const reach = Math.sqrt(scatter(index, salt + 1));
      return `<circle cx="${1216 + Math.cos(angle) * reach * 190}" cy="${76 + Math.sin(angle) * reach * 128}" r="${radius * (0.6 + scatter(index, salt + 2) * 0.8)}" fill="${tint}"/>`;
    });
  return `<ellipse cx="1180" cy="694" rx="210" ry="26" fill="${INK}" opacity="0.22" filter="url(#soft)"/>
  <path d="M1186 700 C1206 600 1204 420 1190 200 L1250 200 C1248 420 1250 600 1284 704 Z" fill="url(#trunk)"/>
  <path d="M1200 300 C1180 240 1150 200 1120 170 L1134 160 C1170 190 1200 220 1214 260 Z" fill="#6a4f38"/>
  <g stroke="#3f2f22" stroke-width="2.4" fill="none" opacity="0.5"><path d="M1212 640 C1222 560 1218 460 1214 360"/><path d="M1236 660 C1236 560 1236 480 1232 340"/><path d="M1206 520 C1210 480 1208 440 1206 410"/></g>
  ${crown(60, 71, 44, '#2f6142')}${crown(52, 75, 38, '#457a48')}<g transform="translate(-12 -14)">${crown(46, 79, 30, '#629352')}</g><g transform="translate(-22 -24)">${crown(34, 83, 20, '#8db266')}</g><g transform="translate(-30 -30)">${crown(20, 87, 11, '#b7cc84')}</g>`;
};

const foregroundFlowers = (): string =>
  `<g>${repeat(70, (index) => {
    const x = -10 + scatter(index, 91) * 420 * (0.4 + scatter(index, 92));
    const height = 30 + scatter(index, 93) * 62 * (1 - x / 520);
    const lean = -8 + scatter(index, 94) * 20;
    return `<path d="M${x} 724 q${lean * 0.3} ${-height * 0.6} ${lean} ${-height}" stroke="${index % 2 ? '#2f6a45' : '#245a3c'}" stroke-width="${3 + scatter(index, 95) * 3}" fill="none" stroke-linecap="round"/>${
      index % 3 === 0
        ? repeat(
            6,
            (bloom) =>
              `<ellipse cx="${x + lean * (1 - bloom * 0.09)}" cy="${724 - height + bloom * 6.2}" rx="${2.6 + bloom * 0.75}" ry="3.6" fill="${['#7a5aa8', '#d98aa0', '#a98bd0'][(index / 3) % 3] ?? '#7a5aa8'}"/>`,
          )
        : index % 7 === 0
          ? `<circle cx="${x + lean}" cy="${724 - height}" r="6" fill="#fbf5e6"/><circle cx="${x + lean}" cy="${724 - height}" r="2.4" fill="#e3b24c"/>`
          : ''
    }`;
  })}</g>`;

export type LayerName = 'sky' | 'far-clouds' | 'near-clouds' | 'land' | 'foreground';

/** One layer as an SVG document of the given size. */
export const layer = (name: LayerName, width: number, height: number): string => {
  switch (name) {
    case 'sky':
      return sheet(sky(), width, height);
    case 'far-clouds':
      return sheet(farClouds(), width, height);
    case 'near-clouds':
      return sheet(nearClouds(), width, height);
    case 'land':
      return sheet(
        `${far()}${fields()}${grove()}${ground()}${hedge()}${fence()}${house()}${barn()}${flagpole()}${letterBox()}`,
        width,
        height,
      );
    default:
      return sheet(`${tree()}${foregroundFlowers()}`, width, height);
  }
};
