// What a simulated camera writes into its metadata track: a scene description with objects that walk (ONVIF Analytics, 5.3),
// or events and motion cells. Written from the specification's examples; shares nothing with the reader.

import type { SceneKind } from './events.ts';
import type { Persona } from './persona.ts';
import type { SentMessage, Writer } from './writer.ts';

export interface MetadataWriter extends Disposable {
  /** @param messages what the event service published of it */
  scene(kind: SceneKind, isActive: boolean, messages: readonly SentMessage[]): void;
}

export interface MetadataWriterParts {
  readonly persona: Persona;
  readonly write: Writer;
  readonly now: () => number;
  /** Real milliseconds per simulated second. */
  readonly second: number;
  readonly send: (document: string) => void;
}

/** Frames per simulated second; cameras send 1 to 15. */
const FRAMES = 4;
/** How far an object goes from frame to frame, in the coordinates of ONVIF: -1 to 1. */
const STEP = 0.06;
const CLASSES: Readonly<Partial<Record<SceneKind, string>>> = { person: 'Human', vehicle: 'Vehicle' };
const [COLUMNS, ROWS] = [22, 15];
const CELL_BYTES = Math.ceil((COLUMNS * ROWS) / 8);

const object = (id: number, name: string | undefined, age: number): string => {
  const left = -0.9 + ((age * STEP) % 1.6);
  const box = `left="${left.toFixed(3)}" top="0.2" right="${(left + 0.2).toFixed(3)}" bottom="-0.4"`;
  const type = name
    ? `<{tt}:Class><{tt}:ClassCandidate><{tt}:Type>${name}</{tt}:Type><{tt}:Likelihood>0.9</{tt}:Likelihood></{tt}:ClassCandidate>` +
      `<{tt}:Type Likelihood="0.9">${name}</{tt}:Type></{tt}:Class>`
    : '';
  return (
    `<{tt}:Object ObjectId="${id}"><{tt}:Appearance><{tt}:Shape><{tt}:BoundingBox ${box}/>` +
    `<{tt}:CenterOfGravity x="${(left + 0.1).toFixed(3)}" y="-0.1"/></{tt}:Shape>${type}</{tt}:Appearance></{tt}:Object>`
  );
};

/** Base64 of PackBits (ONVIF Analytics, 5.3.4): one run of zeros, or as many literal bytes with the middle row set. */
const cells = (isMoving: boolean): string => {
  const bytes = new Uint8Array(CELL_BYTES);
  if (!isMoving) return Buffer.from([257 - CELL_BYTES, 0]).toString('base64');
  bytes.fill(0xff, 18, 21);
  return Buffer.from([CELL_BYTES - 1, ...bytes]).toString('base64');
};

export const metadataWriter = ({ persona, write, now, second, send }: MetadataWriterParts): MetadataWriter => {
  const walking = new Map<SceneKind, { readonly id: number; age: number }>();
  let nextId = 1;
  const frame = (content: string): string =>
    `<{tt}:VideoAnalytics><{tt}:Frame UtcTime="${new Date(now()).toISOString()}">${content}</{tt}:Frame></{tt}:VideoAnalytics>`;

  const describe = (): void => {
    if (persona.metadata === 'objects') {
      const objects = [...walking].map(([kind, one]) => object(one.id, CLASSES[kind], one.age++));
      send(write.metadata(frame(objects.join(''))));
      return;
    }
    const grid = `<{tt}:MotionInCells Columns="${COLUMNS}" Rows="${ROWS}" Cells="${cells(walking.size > 0)}"/>`;
    send(write.metadata(frame(`<{tt}:Extension>${grid}</{tt}:Extension>`)));
  };
  const timer = setInterval(describe, second / FRAMES);
  timer.unref();

  return {
    scene(kind, isActive, messages) {
      if (!isActive) walking.delete(kind);
      // Tampering moves nothing in the picture.
      else if (kind !== 'tamper' && !walking.has(kind)) walking.set(kind, { id: nextId++, age: 0 });
      if (persona.metadata === 'events-and-cells' && messages.length > 0) {
        const told = messages.map((message) => write.notification(message)).join('');
        send(write.metadata(`<{tt}:Event>${told}</{tt}:Event>`));
      }
      describe();
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
};
