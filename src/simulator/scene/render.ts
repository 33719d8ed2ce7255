// Draws the demo scene and encodes it into assets/demo. Run it after a change to the drawing or the timeline:
// `npx tsx src/simulator/scene/render.ts` (or `… sub` for one stream). It takes a few minutes; the files are part of the
// repository.

import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { StreamRole } from '../../domain/camera.ts';
import { annexB } from '../clip.ts';
import { DEMO_STREAMS, demoFile } from '../demo-camera.ts';
import { clipEncoder } from '../encode-clip.ts';
import { scenePainter } from './painter.ts';
import { SCENE_SECONDS } from './timeline.ts';

/**
 * Chosen for a drawing that hardly moves: x264's usual ways of spending bits (macroblock tree, complexity-driven
 * quantisers, psychovisual noise) would give every key frame three times the bytes for no visible gain.
 */
const DRAWING = { mbtree: '0', qcomp: '1', psy: '0', ipratio: '1.1', 'aq-mode': '3', 'aq-strength': '0.6' } as const;

/**
 * The watched stream also follows slow light faithfully: x264's shortcuts would let pictures lag behind a passing cloud
 * and catch up in a visible step at each key frame.
 */
const FAITHFUL = { 'fast-pskip': '0', 'dct-decimate': '0', trellis: '0', 'deadzone-inter': '6' } as const;

const SETTINGS: Readonly<Record<StreamRole, Readonly<Record<string, string>>>> = {
  main: { ...DRAWING, crf: '31' },
  sub: { ...DRAWING, ...FAITHFUL, crf: '25' },
};

const render = async (role: StreamRole): Promise<number> => {
  const { width, height, fps, group } = DEMO_STREAMS[role];
  const painter = await scenePainter(width, height);
  const encoder = clipEncoder({ codec: 'h264', width, height, fps, group, preset: 'medium', settings: SETTINGS[role] });
  for (let tick = 0; tick < SCENE_SECONDS * fps; tick += 1) encoder.add(await painter.paint(tick / fps));
  const bytes = annexB(encoder.finish().units.flatMap((unit) => unit.nals));
  const file = demoFile(role);
  await mkdir(fileURLToPath(new URL('.', file)), { recursive: true });
  await writeFile(file, bytes);
  return bytes.length;
};

const asked = process.argv.slice(2);
for (const role of ['sub', 'main'] as const) {
  if (asked.length > 0 && !asked.includes(role)) continue;
  const bytes = await render(role);
  process.stdout.write(`${role}: ${SCENE_SECONDS} s, ${(bytes / 1e6).toFixed(2)} MB\n`);
}
