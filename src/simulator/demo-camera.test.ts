import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { DEMO_STREAMS, demoFile, demoStreams } from './demo-camera.ts';
import { pictureSize } from './plain-clip.ts';
import { SCENE_SECONDS } from './scene/timeline.ts';

const ROLES = ['main', 'sub'] as const;

describe('the demo’s media', () => {
  it('are the whole scene, at the sizes and with the key frames they are said to have', async () => {
    const streams = await demoStreams();
    for (const role of ROLES) {
      const { width, height, fps, group } = DEMO_STREAMS[role];
      const { units } = streams[role];
      expect(units.length).toBe(SCENE_SECONDS * fps);
      expect(units.every((unit, index) => unit.isKey === (index % group === 0))).toBe(true);
      expect(pictureSize(streams[role])).toEqual({ width, height });
    }
  });

  it('weigh no more than 8 MB together', async () => {
    const sizes = await Promise.all(ROLES.map(async (role) => (await stat(demoFile(role))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(8_000_000);
  });
});
