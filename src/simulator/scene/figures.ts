// Who and what moves in the yard. Every figure is drawn in centimetres about the point where it touches the ground
// (y up is negative), looking to the right; the script places, scales and turns it.

export interface Figure {
  readonly svg: string;
  /** All that is drawn, shadow included, in centimetres. */
  readonly box: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
}

const SHADOW = '#16241d';

const shadow = (x: number, width: number, height: number): string =>
  `<ellipse cx="${x}" cy="0" rx="${width}" ry="${height}" fill="${SHADOW}" opacity="0.13"/><ellipse cx="${x}" cy="0" rx="${width * 0.78}" ry="${height * 0.7}" fill="${SHADOW}" opacity="0.15"/>`;

interface Point {
  readonly x: number;
  readonly y: number;
}

const limb = (points: readonly Point[], colour: string, width: number): string =>
  `<polyline points="${points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;

/** The knee or elbow between two ends, for two bones of these lengths; `bend` 1 points it forward, -1 backward. */
const joint = (from: Point, to: Point, upper: number, lower: number, bend: 1 | -1): Point => {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const reach = Math.min(Math.hypot(dx, dy), upper + lower - 0.01);
  const along = (upper * upper - lower * lower + reach * reach) / (2 * reach);
  const aside = Math.sqrt(Math.max(0, upper * upper - along * along)) * bend;
  const [ux, uy] = [dx / reach, dy / reach];
  return { x: from.x + ux * along + uy * aside, y: from.y + uy * along - ux * aside };
};

const jointed = (
  from: Point,
  to: Point,
  upper: number,
  lower: number,
  bend: 1 | -1,
  colour: string,
  width: number,
): string => limb([from, joint(from, to, upper, lower, bend), to], colour, width);

export interface Clothes {
  readonly coat: string;
  readonly coatShade: string;
  readonly trousers: string;
  readonly hair: string;
  readonly cap?: string;
}

export const POST_CLOTHES: Clothes = {
  coat: '#c23a35',
  coatShade: '#9c2b2a',
  trousers: '#2f3b46',
  hair: '#5b4330',
  cap: '#9c2b2a',
};
export const OWNER_CLOTHES: Clothes = { coat: '#3f6f96', coatShade: '#315979', trousers: '#6b5c48', hair: '#a9763f' };

const SKIN = '#e8b796';
const SHOE = '#2b2622';

const head = (at: Point, clothes: Clothes): string => {
  const cap = clothes.cap
    ? `<path d="M${at.x - 11} ${at.y - 4} a11 11 0 0 1 21 -3 l9 2 v3 h-30 Z" fill="${clothes.cap}"/>`
    : `<path d="M${at.x - 11.5} ${at.y + 4} q-3 -17 11 -17 q13 0 11 9 q-8 -3 -13 -2 q-2 6 -5 10 Z" fill="${clothes.hair}"/>`;
  return `<rect x="${at.x - 4}" y="${at.y + 5}" width="9" height="14" fill="${SKIN}"/><circle cx="${at.x}" cy="${at.y}" r="11" fill="${SKIN}"/>${cap}`;
};

/** A foot's place in one stride: on the ground half the time, swinging forward the other half. */
const foot = (phase: number, stride: number): Point => {
  const turn = ((phase % 1) + 1) % 1;
  if (turn < 0.5) return { x: stride * (0.5 - turn * 2), y: 0 };
  const swing = (turn - 0.5) * 2;
  return { x: stride * (swing - 0.5), y: -13 * Math.sin(swing * Math.PI) };
};

export interface Walk {
  readonly clothes: Clothes;
  /** In strides; whole numbers are the same pose. */
  readonly phase: number;
  /** 0 stands, 1 walks. */
  readonly stride: number;
  readonly carries?: 'parcel' | 'bin';
}

/** A person, 175 cm. */
export const walker = ({ clothes, phase, stride, carries }: Walk): Figure => {
  const hip: Point = { x: 0, y: -86 + 2.5 * Math.abs(Math.sin(phase * Math.PI * 2)) * stride };
  const leg = (offset: number, colour: string): string => {
    const step = foot(phase + offset, 62 * stride);
    const ankle = { x: step.x, y: step.y * stride - 5 };
    return `${jointed(hip, ankle, 43, 42, 1, colour, 15)}${limb([ankle, { x: ankle.x + 12, y: ankle.y + 2 }], SHOE, 9)}`;
  };
  const shoulder: Point = { x: 1, y: hip.y - 50 };
  const swing = Math.sin(phase * Math.PI * 2) * 24 * stride;
  const arm = (away: number, colour: string): string => {
    const hand =
      carries === 'parcel'
        ? { x: 36, y: shoulder.y + 36 }
        : carries === 'bin'
          ? { x: -32, y: shoulder.y + 48 }
          : { x: away, y: shoulder.y + 56 - Math.abs(away) * 0.15 };
    return `${jointed(shoulder, hand, 29, 29, carries === 'bin' ? 1 : -1, colour, 11)}<circle cx="${hand.x}" cy="${hand.y}" r="5.5" fill="${SKIN}"/>`;
  };
  const body = `<path d="M${-15} ${hip.y + 12} Q-20 ${hip.y - 30} -13 ${shoulder.y - 4} Q0 ${shoulder.y - 13} 14 ${shoulder.y - 3} Q19 ${hip.y - 30} 16 ${hip.y + 12} Z" fill="${clothes.coat}"/><path d="M-15 ${hip.y + 12} Q-20 ${hip.y - 30} -13 ${shoulder.y - 4} q5 -3 7 -3.5 Q-10 ${hip.y - 28} -5 ${hip.y + 12} Z" fill="${clothes.coatShade}"/>`;
  const load = carries === 'parcel' ? `<g transform="translate(44 ${shoulder.y + 56})">${parcelBody}</g>` : '';
  return {
    svg: `${shadow(8, 36, 7)}${arm(-swing, clothes.coatShade)}${leg(0.5, '#26303a')}${leg(0, clothes.trousers)}${body}${head({ x: 3, y: shoulder.y - 25 }, clothes)}${load}${arm(swing, clothes.coat)}`,
    box: { left: -60, right: 86, top: -180, bottom: 12 },
  };
};

const parcelBody = `<rect x="-27" y="-38" width="54" height="38" fill="#c99a62"/><rect x="-27" y="-38" width="54" height="9" fill="#dcb37c"/><rect x="13" y="-38" width="14" height="38" fill="#ad8050"/><rect x="-6" y="-38" width="11" height="38" fill="#efe0bd"/><rect x="-21" y="-22" width="12" height="9" fill="#fbf6e8"/>`;

export const parcel = (): Figure => ({
  svg: `${shadow(6, 34, 5)}${parcelBody}`,
  box: { left: -40, right: 50, top: -42, bottom: 10 },
});

const binBody = `<path d="M-25 -92 H25 L20 -6 H-19 Z" fill="#2f7355"/><path d="M-25 -92 H-8 L-7 -6 H-19 Z" fill="#3d8a67"/><path d="M-30 -104 Q0 -112 31 -103 L31 -93 H-30 Z" fill="#245c44"/><rect x="-34" y="-101" width="12" height="6" rx="3" fill="#1a4332"/><path d="M3 -70 h14 v18 h-14 z" fill="#fbf6e8"/><circle cx="-16" cy="-9" r="10" fill="#26302b"/><circle cx="-16" cy="-9" r="4" fill="#7d8a82"/>`;

export const bin = (): Figure => ({
  svg: `${shadow(8, 36, 6)}${binBody}`,
  box: { left: -42, right: 60, top: -116, bottom: 12 },
});

/** A person with the bin behind, tilted on its wheels. */
export const binHauler = (phase: number): Figure => {
  const person = walker({ clothes: OWNER_CLOTHES, phase, stride: 1, carries: 'bin' });
  return {
    svg: `${shadow(-66, 46, 7)}<g transform="translate(-78 0) rotate(24 -10 -9) scale(-1 1)">${binBody}</g>${person.svg}`,
    box: { left: -150, right: 86, top: -180, bottom: 14 },
  };
};

const wheel = (x: number, radius: number, turn: number): string => {
  const spokes = Array.from({ length: 4 }, (_, index) => {
    const angle = turn + (index * Math.PI) / 4;
    const [dx, dy] = [Math.cos(angle) * (radius - 3), Math.sin(angle) * (radius - 3)];
    return `<path d="M${(x - dx).toFixed(1)} ${(-radius - dy).toFixed(1)} L${(x + dx).toFixed(1)} ${(-radius + dy).toFixed(1)}"/>`;
  }).join('');
  return `<g stroke="#8f968f" stroke-width="1.2">${spokes}</g><circle cx="${x}" cy="${-radius}" r="${radius - 2}" fill="none" stroke="#23282a" stroke-width="4.5"/>`;
};

const bicycleFrame = (turn: number): string => `${wheel(-56, 34, turn)}${wheel(56, 34, turn)}
  <path d="M-56 -34 L-4 -34 L38 -84 L-22 -78 L-4 -34 M-56 -34 L-22 -78 L-26 -96 M56 -34 L36 -98 L24 -106" fill="none" stroke="#d8a92f" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/>
  <path d="M-38 -97 h26" stroke="#2b2622" stroke-width="7" stroke-linecap="round"/>
  <path d="M38 -112 H92 L88 -74 H44 Z" fill="#c23a35"/><path d="M38 -112 H92 L91 -103 H39 Z" fill="#9c2b2a"/><path d="M58 -96 h18 l-9 9 z" fill="#f3d173"/>
  <path d="M-92 -78 H-44" stroke="#23282a" stroke-width="4"/><path d="M-92 -78 h44 v26 h-40 Z" fill="#a83330"/>`;

/** The post's bicycle, alone on its stand. */
export const bicycle = (): Figure => ({
  svg: `${shadow(6, 96, 8)}<path d="M-20 -30 L-30 0" stroke="#23282a" stroke-width="4"/>${bicycleFrame(0.4)}`,
  box: { left: -104, right: 116, top: -122, bottom: 14 },
});

/** The post on the bicycle. @param travelled in centimetres, turns wheels and pedals */
export const cyclist = (travelled: number, hasParcel: boolean): Figure => {
  const turn = travelled / 34;
  const crank = travelled / 70;
  const hip: Point = { x: -24, y: -102 };
  const pedal = (angle: number): Point => ({ x: -4 + Math.cos(angle) * 17, y: -34 + Math.sin(angle) * 17 });
  const leg = (angle: number, colour: string): string => {
    const end = pedal(angle);
    return `${jointed(hip, { x: end.x - 3, y: end.y - 5 }, 44, 44, 1, colour, 14)}${limb(
      [
        { x: end.x - 4, y: end.y - 3 },
        { x: end.x + 9, y: end.y - 2 },
      ],
      SHOE,
      8,
    )}`;
  };
  const shoulder: Point = { x: 2, y: -152 };
  const body = `<path d="M-36 -96 Q-34 -136 -8 -160 Q6 -166 14 -154 Q10 -124 -8 -96 Z" fill="${POST_CLOTHES.coat}"/><path d="M-36 -96 Q-34 -136 -8 -160 q4 -2 7 -2 Q-22 -132 -24 -96 Z" fill="${POST_CLOTHES.coatShade}"/>`;
  const load = hasParcel ? `<g transform="translate(66 -110)">${parcelBody}</g>` : '';
  return {
    svg: `${shadow(8, 100, 9)}${leg(crank + Math.PI, '#26303a')}${bicycleFrame(turn)}${load}${leg(crank, POST_CLOTHES.trousers)}${body}${jointed(shoulder, { x: 25, y: -106 }, 28, 30, -1, POST_CLOTHES.coat, 11)}<circle cx="25" cy="-107" r="5.5" fill="${SKIN}"/>${head({ x: 12, y: -178 }, POST_CLOTHES)}`,
    box: { left: -110, right: 122, top: -196, bottom: 14 },
  };
};

/** A small estate car, 420 cm. @param travelled in centimetres, turns the wheels */
export const car = (travelled: number, hasLights: boolean): Figure => {
  const rim = (x: number): string => {
    const spokes = Array.from({ length: 5 }, (_, index) => {
      const angle = travelled / 32 + (index * Math.PI * 2) / 5;
      return `<path d="M${x} -33 L${(x + Math.cos(angle) * 18).toFixed(1)} ${(-33 + Math.sin(angle) * 18).toFixed(1)}"/>`;
    }).join('');
    return `<circle cx="${x}" cy="-33" r="33" fill="#23282a"/><circle cx="${x}" cy="-33" r="21" fill="#c9cdc6"/><g stroke="#6f7772" stroke-width="6">${spokes}</g><circle cx="${x}" cy="-33" r="5" fill="#3b423f"/>`;
  };
  const body = `<path d="M-212 -40 Q-216 -84 -200 -96 L-166 -148 Q-160 -156 -146 -156 H6 Q22 -156 34 -147 L92 -104 Q170 -98 196 -84 Q210 -76 210 -44 Q210 -34 200 -32 H-204 Q-212 -32 -212 -40 Z" fill="#4f8790"/>
  <path d="M-212 -60 H210 Q211 -50 210 -44 Q210 -34 200 -32 H-204 Q-212 -32 -212 -40 Z" fill="#3b6a74"/>
  <path d="M-186 -104 L-158 -143 H-92 V-104 Z M-82 -143 H-14 V-104 H-82 Z M-4 -143 H4 Q16 -143 26 -136 L70 -104 H-4 Z" fill="#243238"/>
  <path d="M-186 -104 L-158 -143 H-130 L-160 -104 Z M-60 -143 H-36 L-62 -104 H-82 V-112 Z M10 -143 Q18 -142 26 -136 L50 -118 L40 -104 H22 Z" fill="#8fb3b4" opacity="0.55"/>
  <path d="M-200 -96 H92 Q170 -98 196 -84" stroke="#75aab0" stroke-width="4" fill="none"/><path d="M-87 -100 V-40 M-9 -100 V-40" stroke="#2f5760" stroke-width="2.4"/>
  <rect x="-76" y="-90" width="20" height="5" rx="2.5" fill="#2f5760"/><rect x="4" y="-90" width="20" height="5" rx="2.5" fill="#2f5760"/>
  <path d="M176 -88 Q202 -82 206 -66 L184 -68 Z" fill="${hasLights ? '#fff6cf' : '#e9ecdf'}"/><path d="M-211 -88 h14 v22 h-15 Z" fill="#b5372f"/><rect x="186" y="-50" width="26" height="10" rx="3" fill="#2c4f57"/><rect x="-214" y="-50" width="26" height="10" rx="3" fill="#2c4f57"/>
  <path d="M-168 -32 a39 39 0 0 1 78 0 Z M90 -32 a39 39 0 0 1 78 0 Z" fill="#1d2a2d"/>`;
  return {
    svg: `${shadow(10, 236, 18)}${body}${rim(-129)}${rim(129)}`,
    box: { left: -240, right: 252, top: -162, bottom: 22 },
  };
};

/** A ginger cat, larger than life so that it can be seen from the gable. */
export const cat = (phase: number): Figure => {
  const [coat, dark, cream] = ['#d58a45', '#b26a2c', '#f4e2c4'];
  const leg = (x: number, offset: number, colour: string): string => {
    const step = foot(phase + offset, 22);
    const paw = { x: x + step.x, y: step.y * 0.55 - 2 };
    return `${jointed({ x, y: -26 }, paw, 14, 13.5, x < 0 ? 1 : -1, colour, 7.5)}<ellipse cx="${paw.x + 2}" cy="${paw.y}" rx="5" ry="3" fill="${cream}"/>`;
  };
  const sway = Math.sin(phase * Math.PI * 2) * 5;
  const bob = Math.sin(phase * Math.PI * 4) * 1.2;
  return {
    svg: `${shadow(4, 48, 5)}<path d="M-36 -36 C-56 -40 -62 ${-56 + sway} -56 ${-76 + sway}" fill="none" stroke="${coat}" stroke-width="8" stroke-linecap="round"/><path d="M-57 ${-68 + sway} L-56 ${-76 + sway}" stroke="${cream}" stroke-width="8" stroke-linecap="round"/>
  ${leg(-26, 0.5, dark)}${leg(24, 0, dark)}
  <path d="M-42 -34 C-42 -48 -20 -50 0 -47 C16 -45 30 -50 36 -42 C42 -30 32 -18 18 -18 C0 -15 -20 -15 -32 -19 C-40 -22 -42 -28 -42 -34 Z" fill="${coat}"/>
  <path d="M-24 -47 l4 12 M-10 -47.5 l3 12 M4 -47 l2 11" stroke="${dark}" stroke-width="4.5" stroke-linecap="round"/><path d="M-20 -18 C0 -14 14 -16 26 -20 C20 -24 -8 -24 -20 -18 Z" fill="${cream}"/>
  ${leg(-30, 0, coat)}${leg(28, 0.5, coat)}
  <g transform="translate(44 ${-50 + bob})"><path d="M-11 -6 L-10 -21 L-1 -13 Z M3 -13 L11 -21 L12 -6 Z" fill="${coat}"/><path d="M-8 -10 L-8 -17 L-3 -12 Z" fill="#eec3a4"/><ellipse cx="0" cy="-2" rx="13.5" ry="12" fill="${coat}"/><ellipse cx="7" cy="3" rx="7" ry="5.5" fill="${cream}"/><circle cx="5" cy="-4" r="1.9" fill="#1d2a2d"/><path d="M11 0 l3 1 l-2.4 2 Z" fill="#b5605a"/><path d="M-3 -12 l1 5 M2 -13 l0 5" stroke="${dark}" stroke-width="2.4" stroke-linecap="round"/></g>`,
    box: { left: -70, right: 66, top: -86, bottom: 8 },
  };
};
