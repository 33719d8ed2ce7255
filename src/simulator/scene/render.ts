// Draws the demo scene and encodes it into assets/demo. Run it after a change to the drawing or the timeline:
// `npx tsx src/simulator/scene/render.ts`. It takes a few minutes; the files are part of the repository.

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
const SETTINGS: Readonly<Record<StreamRole, Readonly<Record<string, string>>>> = {
  main: { crf: '30', mbtree: '0', qcomp: '1', psy: '0', ipratio: '1.1', 'aq-mode': '3', 'aq-strength': '0.6' },
  sub: { crf: '28', mbtree: '0', qcomp: '1', psy: '0', ipratio: '1.1', 'aq-mode': '3', 'aq-strength': '0.6' },
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

for (const role of ['sub', 'main'] as const) {
  const bytes = await render(role);
  process.stdout.write(`${role}: ${SCENE_SECONDS} s, ${(bytes / 1e6).toFixed(2)} MB\n`);
}
