import { describe, expect, it } from 'vitest';
import { cameraId, type StillId } from '../domain/ids.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { someId } from '../testing/stills.ts';
import { type PhotoOrder, type PhotoOrders, photoOrders } from './photo-orders.ts';

const GARDEN = cameraId('garden');

interface Stage {
  readonly orders: PhotoOrders;
  readonly facts: WatchFact[];
  readonly sent: PhotoOrder[];
  readonly detach: () => void;
}

const stage = (): Stage => {
  const facts: WatchFact[] = [];
  const sent: PhotoOrder[] = [];
  const orders: PhotoOrders = photoOrders({
    clock: fakeClock(),
    onFact: (fact) => {
      facts.push(fact);
      orders.tell(fact);
    },
  });
  return { orders, facts, sent, detach: orders.attach([GARDEN], (order) => sent.push(order)) };
};

const accepted = ({ trigger }: PhotoOrder, still: StillId): WatchFact => ({
  type: 'still-accepted',
  camera: GARDEN,
  at: 0 as WatchFact['at'],
  episode: undefined,
  trigger,
  still,
  kind: 'manual',
  source: 'main-stream',
  width: 1,
  height: 1,
  delay: 1 as never,
});

describe('photos that are asked for', () => {
  it('resolves with the photo once it is in the catalogue', async () => {
    const { orders, facts, sent } = stage();
    const taking = orders.take(GARDEN);
    const [order] = sent;
    if (!order) throw new TypeError('no order was sent');
    expect(facts).toMatchObject([{ type: 'trigger', origin: 'owner', trigger: order.trigger }]);
    orders.tell(accepted(order, someId('photo')));
    let isDone = false;
    void taking.then(() => (isDone = true));
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    expect(isDone).toBe(false);
    orders.stored(someId('photo'));
    expect(await taking).toEqual({ type: 'taken', trigger: order.trigger, still: someId('photo') });
  });

  it('tells two orders of one moment apart', async () => {
    const { orders, sent } = stage();
    const both = [orders.take(GARDEN), orders.take(GARDEN)];
    expect(new Set(sent.map(({ trigger }) => trigger)).size).toBe(2);
    for (const order of sent) {
      orders.tell({ ...accepted(order, someId(order.trigger)) });
    }
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    for (const order of sent) orders.stored(someId(order.trigger));
    expect((await Promise.all(both)).map(({ trigger }) => trigger)).toEqual(sent.map(({ trigger }) => trigger));
  });

  it('a capture process that dies leaves no order without its reason', async () => {
    const { orders, facts, detach } = stage();
    const taking = orders.take(GARDEN);
    detach();
    expect(await taking).toMatchObject({ type: 'missed', code: 'SW_CAPTURE_DIED' });
    expect(facts.map(({ type }) => type)).toEqual(['trigger', 'still-missed']);
    expect(await orders.take(GARDEN)).toMatchObject({ type: 'missed', code: 'SW_CAPTURE_DIED' });
    expect(facts.map(({ type }) => type)).toEqual(['trigger', 'still-missed', 'trigger', 'still-missed']);
  });

  it('gives the reason of a photo that could not be taken', async () => {
    const { orders, sent } = stage();
    const taking = orders.take(GARDEN);
    const [order] = sent;
    if (!order) throw new TypeError('no order was sent');
    orders.tell({
      type: 'still-missed',
      camera: GARDEN,
      at: 0 as WatchFact['at'],
      episode: undefined,
      trigger: order.trigger,
      kind: 'manual',
      code: 'SW_CAM_LOST',
      facts: {},
    });
    expect(await taking).toEqual({ type: 'missed', trigger: order.trigger, code: 'SW_CAM_LOST', facts: {} });
  });
});
