// One message's way into the inbox, whether it was sent here or fetched from a mailbox.

import type { Delivery, DeliveryOutcome } from '../../domain/delivery.ts';
import type { CameraId } from '../../domain/ids.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { InboxDoor } from '../../ports/inbox.ts';
import { readMessage } from './message.ts';

export interface MailDelivery {
  readonly camera: CameraId;
  readonly way: 'mail' | 'imap';
  readonly raw: Uint8Array;
  /** When it arrived: at this door, or in the mailbox. */
  readonly receivedAt: EpochMs;
}

/** Resolves when everything in it is durable or refused. @throws StillwatchError when it is to be tried again */
export const deliverMessage = async (
  { camera, way, raw, receivedAt }: MailDelivery,
  door: Pick<InboxDoor, 'deliver'>,
): Promise<readonly DeliveryOutcome[]> => {
  const { text, pictures, addresses } = await readMessage(raw);
  const common = { camera, way, text, addresses, receivedAt } satisfies Partial<Delivery>;
  if (pictures.length === 0) {
    return [await door.deliver({ ...common, bytes: new Uint8Array(0), cost: raw.length })];
  }
  const outcomes: DeliveryOutcome[] = [];
  for (const [index, { name, bytes }] of pictures.entries()) {
    // The whole message went over the line, base64 and all: counted once.
    const cost = index === 0 ? raw.length : 0;
    outcomes.push(await door.deliver({ ...common, bytes, cost, ...(name === undefined ? {} : { name }) }));
  }
  return outcomes;
};
