// Photos for the web's tests: a drawn yard that differs by hour and by what stands in it, encoded as a camera would.

import sharp from 'sharp';
import { MASK_COLUMNS, MASK_ROWS, maskText } from '../domain/still-change.ts';

export interface DrawnPhoto {
  /** 0–23: the sky and the light. */
  readonly hour?: number;
  readonly parcel?: boolean;
  readonly visitor?: boolean;
  readonly width?: number;
  readonly height?: number;
}

/** The change mask of the parcel: columns 10 to 12, rows 11 and 12. */
export const PARCEL_MASK: string = maskText(
  Uint8Array.from({ length: MASK_COLUMNS * MASK_ROWS }, (_, cell) => {
    const [column, row] = [cell % MASK_COLUMNS, Math.floor(cell / MASK_COLUMNS)];
    return Number(column >= 10 && column <= 12 && row >= 11 && row <= 12);
  }),
);

const skies: readonly (readonly [string, string, string])[] = [
  ['#10151f', '#1d2430', '#222a22'],
  ['#3c4a63', '#c98f6a', '#4b5a3c'],
  ['#9fc4dc', '#dce8e4', '#7f9c66'],
  ['#7fb2d6', '#d6e6ea', '#6f9456'],
  ['#37406a', '#b5634c', '#4d5535'],
];

const skyAt = (hour: number): readonly [string, string, string] => {
  const index = hour < 6 || hour >= 21 ? 0 : hour < 9 ? 1 : hour < 13 ? 2 : hour < 18 ? 3 : 4;
  return skies[index] ?? ['#888', '#999', '#777'];
};

const svg = ({ hour = 12, parcel = false, visitor = false, width = 1600, height = 900 }: DrawnPhoto): string => {
  const [top, low, ground] = skyAt(hour);
  const isDark = hour < 6 || hour >= 21;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 900" width="${width}" height="${height}" preserveAspectRatio="xMidYMid slice">
  <defs>
    <linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${low}"/></linearGradient>
    <linearGradient id="ground" x2="0" y2="1"><stop offset="0" stop-color="${ground}"/><stop offset="1" stop-color="#3c4a30"/></linearGradient>
    <filter id="grain"><feTurbulence baseFrequency="0.8" numOctaves="2" seed="7"/><feColorMatrix values="0 0 0 0 0.5  0 0 0 0 0.5  0 0 0 0 0.5  0 0 0 0.16 0"/></filter>
  </defs>
  <rect width="1600" height="470" fill="url(#sky)"/>
  <path d="M0 430 Q300 360 640 420 T1240 400 T1600 430 V520 H0Z" fill="#4c6650" opacity=".8"/>
  <rect y="460" width="1600" height="440" fill="url(#ground)"/>
  <path d="M760 460 L860 460 L1200 900 L560 900Z" fill="#a39a86"/>
  <g>
    <path d="M150 260 L420 130 L690 260Z" fill="#4a3733"/>
    <rect x="180" y="260" width="480" height="300" fill="#8a4436"/>
    <rect x="370" y="380" width="110" height="180" fill="#2e2421"/>
    <rect x="230" y="330" width="90" height="80" fill="${isDark ? '#ffd98a' : '#c8d6d8'}"/>
    <rect x="530" y="330" width="90" height="80" fill="${isDark ? '#ffd98a' : '#c8d6d8'}"/>
    <path d="M180 560 H660" stroke="#5d2f26" stroke-width="8"/>
  </g>
  <g><rect x="1252" y="420" width="36" height="170" fill="#4f3a28"/><circle cx="1270" cy="330" r="140" fill="#3d6238"/><circle cx="1200" cy="380" r="80" fill="#355833"/><circle cx="1350" cy="370" r="90" fill="#446c3e"/></g>
  ${parcel ? '<g><ellipse cx="560" cy="642" rx="80" ry="10" fill="#000" opacity=".3"/><path d="M490 560 h140 v80 h-140z" fill="#b98848"/><path d="M490 595 h140" stroke="#8a6230" stroke-width="8"/></g>' : ''}
  ${visitor ? '<g><ellipse cx="900" cy="768" rx="60" ry="9" fill="#000" opacity=".3"/><circle cx="900" cy="560" r="30" fill="#d9ab86"/><rect x="866" y="592" width="68" height="106" rx="22" fill="#24405f"/><path d="M878 695 V765 M922 695 V765" stroke="#1b2430" stroke-width="24"/></g>' : ''}
  ${isDark ? '<rect width="1600" height="900" fill="#060a12" opacity=".45"/>' : ''}
  <rect width="1600" height="900" filter="url(#grain)"/>
</svg>`;
};

/** A JPEG of the size asked for (default 1600×900). */
export const drawnPhoto = async (photo: DrawnPhoto = {}): Promise<Uint8Array> =>
  sharp(Buffer.from(svg(photo)))
    .jpeg({ quality: 82 })
    .toBuffer();
