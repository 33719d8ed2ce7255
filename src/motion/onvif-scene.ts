// What a metadata stream's scene description says: objects with boxes and classes, and motion cells, folded into the messages
// that event topics would have brought. A pure fold; one state for each connection.

import type { CameraMessage } from '../domain/camera-message.ts';
import { between, type Instant, type Ms, seconds } from '../domain/units.ts';

export interface SceneObject {
  readonly id: string;
  /** As the camera named them, most likely first. */
  readonly classes: readonly { readonly name: string }[];
  readonly box:
    | { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
    | undefined;
  readonly behaviour: 'removed' | 'idle' | undefined;
}

export interface SceneFrame {
  readonly objects: readonly SceneObject[];
  /** Cells in which something moves; undefined: this frame has no cells. */
  readonly activeCells: number | undefined;
}

interface Seen {
  readonly x: number;
  readonly y: number;
  /** When it came, or was last seen elsewhere than before. */
  readonly movedAt: Instant;
}

interface Said {
  readonly text: string;
  readonly at: Instant;
}

export interface SceneState {
  readonly objects: ReadonlyMap<string, Seen>;
  readonly said: ReadonlyMap<string, Said>;
}

export const EMPTY_SCENE: SceneState = { objects: new Map(), said: new Map() };

/** A parked car is an object in every frame. Trackers jitter by a few thousandths of the picture; a walking person far away moves more. */
const MOVED_BY = 0.015;
/** An object that stood still for this long claims nothing. */
const STILL_AFTER: Ms = seconds(3);
/** What goes on is repeated this often: a true without another word is believed for 30 s. */
const SAY_EVERY: Ms = seconds(10);
/** Object ids are made without end; the least lately moved are forgotten first. */
const MOST_OBJECTS = 200;

const OBJECTS = 'tt:VideoAnalytics/ObjectDetection/Object';
const CELLS = 'tt:VideoAnalytics/MotionInCells';

const follow = (known: Seen | undefined, { box }: SceneObject, at: Instant): Seen => {
  const [x, y] = box ? [(box.left + box.right) / 2, (box.top + box.bottom) / 2] : [0.5, 0.5];
  const hasMoved = !known || Math.hypot(x - known.x, y - known.y) > MOVED_BY;
  return hasMoved ? { x, y, movedAt: at } : known;
};

/** Folds the frames of one document. @returns messages only where something changed, or is still so after a while */
export const sceneStep = (
  state: SceneState,
  frames: readonly SceneFrame[],
  at: Instant,
): { readonly next: SceneState; readonly messages: readonly CameraMessage[] } => {
  if (frames.length === 0) return { next: state, messages: [] };
  const objects = new Map(state.objects);
  const said = new Map(state.said);
  const messages: CameraMessage[] = [];

  const say = (topic: string, item: string, text: string, none: string): void => {
    const before = said.get(topic);
    const isOld = before !== undefined && between(before.at.mono, at.mono) >= SAY_EVERY;
    if ((before?.text ?? none) === text && !(isOld && text !== none)) return;
    said.set(topic, { text, at });
    messages.push({ topic, operation: 'Changed', utcTime: '', source: {}, key: {}, data: { [item]: text } });
  };

  for (const frame of frames) {
    const moving = new Set<string>();
    for (const object of frame.objects) {
      if (object.behaviour === 'removed') {
        objects.delete(object.id);
        continue;
      }
      const seen = follow(objects.get(object.id), object, at);
      // Last in the map is last looked at: forgetting starts at the front.
      objects.delete(object.id);
      objects.set(object.id, seen);
      const isMoving = object.behaviour !== 'idle' && between(seen.movedAt.mono, at.mono) < STILL_AFTER;
      if (isMoving) moving.add(object.classes[0]?.name.replace(/\s+/g, '') || 'Object');
    }
    for (const id of objects.keys()) {
      if (objects.size <= MOST_OBJECTS) break;
      objects.delete(id);
    }
    say(OBJECTS, 'ClassTypes', [...moving].sort().join(' '), '');
    if (frame.activeCells !== undefined) say(CELLS, 'IsMotion', String(frame.activeCells > 0), 'false');
  }
  return { next: { objects, said }, messages };
};
