import { expect, it } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

it('does one thing after the other, also behind one that failed, and turns a crowd away', async () => {
  const queue = oneAtATime(2);
  const done: string[] = [];
  const work = (name: string) => async () => {
    done.push(`${name} begins`);
    await Promise.resolve();
    done.push(`${name} ends`);
    if (name === 'a') throw new RangeError(name);
    return name;
  };
  const all = ['a', 'b', 'c', 'd'].map((name) => queue.run(work(name)));
  expect(all[3]).toBeUndefined();
  await expect(all[0]).rejects.toThrow('a');
  expect(await all[1]).toBe('b');
  expect(await all[2]).toBe('c');
  expect(done).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(await queue.run(work('e'))).toBe('e');
});
