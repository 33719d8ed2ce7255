// Scene descriptions as messages: documents are read in adapters, what a scene means is judged in motion.

import type { SceneReader } from '../adapters/onvif/metadata-source.ts';
import { activeCells } from '../motion/onvif-cells.ts';
import { EMPTY_SCENE, sceneStep } from '../motion/onvif-scene.ts';
import type { Clock } from '../ports/clock.ts';

export const sceneReader = (clock: Clock): SceneReader => {
  let scene = EMPTY_SCENE;
  return (frames) => {
    const read = frames.map(({ objects, cells }) => ({
      objects,
      activeCells:
        cells.length === 0
          ? undefined
          : cells.reduce((sum, { packed, columns, rows }) => sum + activeCells(packed, columns, rows), 0),
    }));
    const { next, messages } = sceneStep(scene, read, clock.now());
    scene = next;
    return messages;
  };
};
