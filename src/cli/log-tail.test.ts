import { describe, expect, it } from 'vitest';
import { openLog } from '../adapters/log/log.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { logTail } from './log-tail.ts';

const stage = () => {
  const written: string[] = [];
  const log = openLog('people', { write: (text) => written.push(text) });
  return { written, tail: logTail(log, fakeClock()) };
};

describe('the log, followed', () => {
  it('says everything in the log too, and each follower hears it from when it came', async () => {
    const { written, tail } = stage();
    tail.log.info('before anybody listens');
    const stop = new AbortController();
    const lines = tail.follow(stop.signal)[Symbol.asyncIterator]();
    const first = lines.next();
    tail.log.warn('garden BLIND', { camera: 'garden' });
    expect((await first).value).toMatchObject({ level: 'warn', text: 'garden BLIND', facts: { camera: 'garden' } });
    expect(written).toHaveLength(2);
    const last = lines.next();
    stop.abort();
    expect((await last).done).toBe(true);
  });

  it('takes credentials out of addresses, as the log does', async () => {
    const { tail } = stage();
    const lines = tail.follow(new AbortController().signal)[Symbol.asyncIterator]();
    const first = lines.next();
    tail.log.error('rtsp://anna:hunter22@192.168.1.5/stream1 refused');
    expect(JSON.stringify((await first).value)).not.toContain('hunter22');
  });

  it('drops lines for a reader that is too slow, and says how many', async () => {
    const { tail } = stage();
    const stop = new AbortController();
    const lines = tail.follow(stop.signal);
    setImmediate(() => tail.log.info('first'));
    const said: string[] = [];
    for await (const { level, text } of lines) {
      if (said.length === 0) for (let n = 0; n < 5000; n += 1) tail.log.info(`line ${n}`);
      said.push(text);
      if (level === 'warn') break;
    }
    expect(said.slice(0, 3)).toEqual(['first', 'line 0', 'line 1']);
    expect(said.length - 2 + Number(/^\d+/.exec(said.at(-1) ?? '')?.[0])).toBe(5000);
  });
});
