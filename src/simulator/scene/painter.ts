// Paints moments of the scene as YUV pictures of any size. The still layers are rasterised once; per picture only the
// sky, where clouds drift, and the places where figures were or are, are painted again.

import sharp from 'sharp';
import { type LayerName, layer, SHEET } from './backdrop.ts';
import type { Figure } from './figures.ts';
import type { Placed } from './script.ts';
import { momentAt } from './script.ts';

interface Raster {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Premultiplied RGBA. */
  readonly pixels: Uint8Array;
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Painter {
  readonly width: number;
  readonly height: number;
  /** The picture at `seconds` of the loop; the planes are valid until the next call. */
  paint(seconds: number): Promise<Uint8Array>;
}

/** How far clouds drift to either side, in sheet units: slow enough that nobody calls it motion. */
const DRIFT: Readonly<Record<'far-clouds' | 'near-clouds', number>> = { 'far-clouds': 7, 'near-clouds': 14 };
/** Below this line of the sheet no sky is seen. */
const SKY_ENDS = 300;

const rasterise = async (svg: string, left: number, top: number): Promise<Raster> => {
  const { data, info } = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] ?? 0;
    if (alpha === 255) continue;
    for (let channel = at; channel < at + 3; channel += 1)
      data[channel] = Math.round(((data[channel] ?? 0) * alpha) / 255);
  }
  return { left, top, width: info.width, height: info.height, pixels: data };
};

/** Lays one raster over RGB pixels inside an area. `shift` moves it sideways by a part of a pixel, by mixing neighbours. */
const over = (target: Uint8Array, width: number, raster: Raster, area: Area, shift = 0): void => {
  const whole = Math.floor(shift);
  const part = shift - whole;
  const left = Math.max(area.left, raster.left);
  const right = Math.min(area.right, raster.left + raster.width);
  const bottom = Math.min(area.bottom, raster.top + raster.height);
  const { pixels } = raster;
  for (let y = Math.max(area.top, raster.top); y < bottom; y += 1) {
    const line = (y - raster.top) * raster.width;
    for (let x = left; x < right; x += 1) {
      const column = Math.min(raster.width - 1, Math.max(0, x - raster.left - whole));
      const at = (line + column) * 4;
      const to = (y * width + x) * 3;
      if (part === 0) {
        const rest = 255 - (pixels[at + 3] ?? 0);
        if (rest === 255) continue;
        for (let c = 0; c < 3; c += 1) target[to + c] = (pixels[at + c] ?? 0) + ((target[to + c] ?? 0) * rest) / 255;
        continue;
      }
      const before = (line + Math.max(0, column - 1)) * 4;
      const alpha = (pixels[at + 3] ?? 0) * (1 - part) + (pixels[before + 3] ?? 0) * part;
      if (alpha === 0) continue;
      for (let c = 0; c < 3; c += 1) {
        const colour = (pixels[at + c] ?? 0) * (1 - part) + (pixels[before + c] ?? 0) * part;
        target[to + c] = colour + ((target[to + c] ?? 0) * (255 - alpha)) / 255 + 0.5;
      }
    }
  }
};

const figureSvg = (placed: Placed, area: Area, scale: number): string => {
  const turn = placed.looksLeft ? -1 : 1;
  const size = placed.scale * scale;
  const [x, y] = [placed.x * scale - area.left, placed.y * scale - area.top];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${area.right - area.left}" height="${area.bottom - area.top}"><g transform="translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${(size * turn).toFixed(4)} ${size.toFixed(4)})">${placed.figure.svg}</g></svg>`;
};

const areaOf = (placed: Placed, scale: number, width: number, height: number): Area => {
  const { left, right, top, bottom }: Figure['box'] = placed.figure.box;
  const [low, high] = placed.looksLeft ? [-right, -left] : [left, right];
  const size = placed.scale * scale;
  // Even borders: two by two pixels share one colour sample.
  const even = (value: number, limit: number): number => Math.min(limit, Math.max(0, Math.floor(value / 2) * 2));
  return {
    left: even(placed.x * scale + low * size - 2, width),
    right: even(placed.x * scale + high * size + 4, width),
    top: even(placed.y * scale + top * size - 2, height),
    bottom: even(placed.y * scale + bottom * size + 4, height),
  };
};

const isEmpty = ({ left, right, top, bottom }: Area): boolean => right <= left || bottom <= top;

/** RGB to limited-range BT.709 (ITU-R BT.709-6 section 3), with the scene's brightness in linear share. */
const toYuv = (rgb: Uint8Array, yuv: Uint8Array, width: number, height: number, area: Area, light: number): void => {
  const chroma = width * height;
  const gain = light / 255;
  for (let y = area.top; y < area.bottom; y += 2) {
    for (let x = area.left; x < area.right; x += 2) {
      let [red, green, blue] = [0, 0, 0];
      for (let corner = 0; corner < 4; corner += 1) {
        const at = (y + (corner >> 1)) * width + x + (corner & 1);
        const [r, g, b] = [rgb[at * 3] ?? 0, rgb[at * 3 + 1] ?? 0, rgb[at * 3 + 2] ?? 0];
        yuv[at] = 16.5 + 219 * gain * (0.2126 * r + 0.7152 * g + 0.0722 * b);
        red += r;
        green += g;
        blue += b;
      }
      [red, green, blue] = [(red * gain) / 4, (green * gain) / 4, (blue * gain) / 4];
      const at = chroma + (y >> 1) * (width >> 1) + (x >> 1);
      const luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      yuv[at] = 128.5 + (224 * (blue - luma)) / 1.8556;
      yuv[at + (chroma >> 2)] = 128.5 + (224 * (red - luma)) / 1.5748;
    }
  }
};

export const scenePainter = async (width: number, height: number): Promise<Painter> => {
  const scale = width / SHEET.width;
  const raster = (name: LayerName): Promise<Raster> => rasterise(layer(name, width, height), 0, 0);
  const [sky, farClouds, nearClouds, land, foreground] = await Promise.all([
    raster('sky'),
    raster('far-clouds'),
    raster('near-clouds'),
    raster('land'),
    raster('foreground'),
  ]);
  const whole: Area = { left: 0, top: 0, right: width, bottom: height };
  const skyArea: Area = { ...whole, bottom: Math.ceil((SKY_ENDS * scale) / 2) * 2 };
  /** Everything but clouds, figures and foreground. */
  const yard = new Uint8Array(width * height * 3);
  over(yard, width, sky, whole);
  over(yard, width, land, whole);
  const rgb = Uint8Array.from(yard);
  const yuv = new Uint8Array((width * height * 3) / 2);
  let painted: readonly Area[] = [whole];
  let lastLight = 1;
  let lastKey = '';

  const repaintBackground = (area: Area): void => {
    for (let y = area.top; y < area.bottom; y += 1) {
      const [from, to] = [(y * width + area.left) * 3, (y * width + area.right) * 3];
      rgb.set(yard.subarray(from, to), from);
    }
  };

  return {
    width,
    height,
    paint: async (seconds) => {
      const { placed, light, drift } = momentAt(seconds);
      const figures = await Promise.all(
        placed
          .map((one) => ({ one, area: areaOf(one, scale, width, height) }))
          .filter(({ area }) => !isEmpty(area))
          .map(async ({ one, area }) => ({ area, svg: figureSvg(one, area, scale) }))
          .map(async (coming) => {
            const { area, svg } = await coming;
            return { area, svg, raster: await rasterise(svg, area.left, area.top) };
          }),
      );
      const key = figures.map(({ svg, area }) => `${area.left},${area.top}${svg}`).join();
      const areas = [...(key === lastKey ? [] : [...painted, ...figures.map(({ area }) => area)]), skyArea];
      const dirty = painted[0] === whole ? [whole] : areas;
      for (const area of dirty) {
        repaintBackground(area);
        const inSky: Area = { ...area, bottom: Math.min(area.bottom, skyArea.bottom) };
        if (inSky.bottom > inSky.top) {
          over(rgb, width, sky, inSky);
          over(rgb, width, farClouds, inSky, drift * DRIFT['far-clouds'] * scale);
          over(rgb, width, nearClouds, inSky, drift * DRIFT['near-clouds'] * scale);
          over(rgb, width, land, inSky);
        }
        for (const figure of figures) over(rgb, width, figure.raster, area);
        over(rgb, width, foreground, area);
      }
      const relit = light === lastLight ? dirty : [whole];
      for (const area of relit) toYuv(rgb, yuv, width, height, area, light);
      painted = figures.map(({ area }) => area);
      if (painted.length === 0) painted = [{ left: 0, top: 0, right: 0, bottom: 0 }];
      lastLight = light;
      lastKey = key;
      return yuv;
    },
  };
};
