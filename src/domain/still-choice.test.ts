import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choiceText, parseChoice, WAY_NAMES, WAY_REASONS } from './still-choice.ts';

describe('a choice as text', () => {
  it('comes back as it was', () => {
    const failed = fc.array(
      fc.record({
        way: fc.constantFrom(...WAY_NAMES),
        code: fc.constantFrom('SW_CAM_LOST', 'SW_STILL_DAMAGED', 'SW_CAM_STREAM_LIMIT' as const),
      }),
      { maxLength: 8 },
    );
    const choice = fc.record({ way: fc.constantFrom(...WAY_NAMES), reason: fc.constantFrom(...WAY_REASONS), failed });
    fc.assert(
      fc.property(choice, (each) => {
        expect(parseChoice(choiceText(each))).toEqual(each);
      }),
    );
  });

  it('keeps the latest failures when there were many', () => {
    const failed = Array.from({ length: 20 }, (_, index) => ({
      way: 'main-stream' as const,
      code: index < 19 ? ('SW_CAM_LOST' as const) : ('SW_CAM_AUTH' as const),
    }));
    const kept = parseChoice(choiceText({ way: 'sub-frame', reason: 'last-resort', failed }));
    expect(kept?.failed).toHaveLength(8);
    expect(kept?.failed.at(-1)?.code).toBe('SW_CAM_AUTH');
  });

  it.each([
    '',
    'main-ring',
    'ring moment',
    'main-ring because',
    'main-ring moment x:SW_CAM_LOST',
    'main-ring moment main-ring:SW_NO',
    'main-ring moment  ',
  ])('refuses %j', (text) => expect(parseChoice(text)).toBeUndefined());
});
