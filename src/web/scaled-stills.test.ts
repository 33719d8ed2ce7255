import { describe, expect, it } from 'vitest';
import { type ReadJpeg, scaledStills } from './scaled-stills.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (small: Uint8Array | undefined): string | undefined => small && new TextDecoder().decode(small);
const reading =
  (content: string): ReadJpeg =>
  async () =>
    bytes(content);

describe('scaledStills', () => {
  it('makes each photo and width once, also when asked for at once', async () => {
    const made: string[] = [];
    const scaled = scaledStills({
      scale: async (jpeg, width) => {
        made.push(`${text(jpeg)} ${width}`);
        return bytes(`${width}`);
      },
    });
    const ask = (sha: string, width: number): Promise<Uint8Array | undefined> => scaled(sha, width, reading(sha));
    await Promise.all([ask('a', 320), ask('a', 320), ask('a', 640), ask('b', 320)]);
    await ask('a', 320);
    expect(made.sort()).toEqual(['a 320', 'a 640', 'b 320']);
  });

  it('works at two, and lets the next in when one is done', async () => {
    const open: (() => void)[] = [];
    let most = 0;
    let now = 0;
    const scaled = scaledStills({
      scale: async (jpeg) => {
        now += 1;
        most = Math.max(most, now);
        await new Promise<void>((resolve) => open.push(resolve));
        now -= 1;
        return jpeg;
      },
    });
    const all = ['a', 'b', 'c', 'd', 'e'].map((sha) => scaled(sha, 320, reading(sha)));
    let done = 0;
    for (const one of all) void one.then(() => (done += 1));
    while (done < all.length) {
      open.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const texts = (await Promise.all(all)).map(text);
    expect(texts).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(most).toBe(2);
  });

  it('forgets the one that was not asked for longest', async () => {
    const made: string[] = [];
    const scaled = scaledStills(
      {
        scale: async (jpeg) => {
          made.push(text(jpeg) ?? '');
          return jpeg;
        },
      },
      10,
    );
    for (const sha of ['aaaa', 'bbbb', 'aaaa', 'cccc', 'aaaa', 'bbbb']) await scaled(sha, 320, reading(sha));
    expect(made).toEqual(['aaaa', 'bbbb', 'cccc', 'bbbb']);
  });

  it('goes on after one that fails, and tries that one again', async () => {
    let tries = 0;
    const scaled = scaledStills({
      scale: async (jpeg) => {
        tries += 1;
        if (tries <= 3) throw new Error('damaged');
        return jpeg;
      },
    });
    for (const sha of ['a', 'b', 'c']) await expect(scaled(sha, 320, reading(sha))).rejects.toThrow('damaged');
    expect(text(await scaled('a', 320, reading('a')))).toBe('a');
  });

  it('gives nothing for a photo that is gone, and looks again', async () => {
    const scaled = scaledStills({ scale: async (jpeg) => jpeg });
    expect(await scaled('a', 320, async () => undefined)).toBeUndefined();
    expect(text(await scaled('a', 320, reading('a')))).toBe('a');
  });
});
