import { describe, expect, it } from 'vitest';
import { passwordFault } from './password-policy.ts';

describe('passwordFault', () => {
  it.each([
    ['four words that differ', undefined],
    ['høns i regnvejr går', undefined],
    ['xK9#mQ2$vL7p', undefined],
    ['elevenchars', 'short'],
    ['', 'short'],
    ['🐓🐓🐓🐓🐓', 'short'],
    ['a'.repeat(257), 'long'],
    ['aaaaaaaaaaaa', 'monotonous'],
    ['abababababab', 'monotonous'],
    ['abcdefghijklm', 'monotonous'],
    ['qwertyuiopåas', 'monotonous'],
    ['0987654321098', 'monotonous'],
    ['password123456', 'common'],
    ['Password!!!!!', 'common'],
    ['administrator', 'common'],
    ['passwordpassword', 'common'],
    ['football football', 'common'],
    ['adgangskode2026', 'common'],
    ['stillwatch2026', 'guessable'],
    ['anna-stillwatch', 'guessable'],
    ['annagreth12345', undefined],
  ])('%s: %s', (password, fault) => {
    expect(passwordFault(password, ['Anna'])).toBe(fault);
  });
});
