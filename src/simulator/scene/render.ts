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
 * Quality is chosen for a drawing: flat areas and clean edges. No film grain is added, so the files stay a few megabytes.
 * `info` is kept out of the stream: the encoder's settings as text would be sent to every client.
 */
const SETTINGS: Readonly<Record<StreamRole, Readonly<Record<string, string>>>> = {
  main: {
    crf: '29',
    'aq-mode': '3',
    'aq-strength': '0.9',
    ref: '3',
    subme: '7',
    me: 'umh',
    trellis: '2',
    'b-adapt': '0',
    'rc-lookahead': '20',
    weightp: '1',
  },
  sub: {
    crf: '27',
    'aq-mode': '3',
    ref: '2',
    subme: '7',
    me: 'umh',
    trellis: '2',
    'b-adapt': '0',
    'rc-lookahead': '20',
    weightp: '1',
  },
};

const render = async (role: StreamRole): Promise<number> => {
  const { width, height, fps, group } = DEMO_STREAMS[role];
  const painter = await scenePainter(width, height);
  const encoder = clipEncoder({ codec: 'h264', width, height, fps, group, settings: SETTINGS[role] });
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
