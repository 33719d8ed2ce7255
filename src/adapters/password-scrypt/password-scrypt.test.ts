import { describe, expect, it } from 'vitest';
import { Secret } from '../../domain/secret.ts';
import { machineCost, scryptPasswords } from './password-scrypt.ts';

const cheap = { ln: 4, r: 1, p: 1 };
const right = new Secret('four words that differ');

describe('passwords by scrypt', () => {
  it('are right, wrong, or right and outdated', async () => {
    const passwords = scryptPasswords(cheap);
    const stored = await passwords.hash(right);
    expect(stored).toMatch(/^\$scrypt\$ln=4,r=1,p=1\$/);
    expect(await passwords.hash(right)).not.toBe(stored);
    expect(await passwords.check(right, stored)).toBe('right');
    expect(await passwords.check(new Secret('something else'), stored)).toBe('wrong');
    expect(await scryptPasswords({ ...cheap, ln: 5 }).check(right, stored)).toBe('outdated');
    expect(await passwords.check(right, undefined)).toBe('wrong');
  });

  it.each(['', 'plain', '$scrypt$ln=40,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$' + 'A'.repeat(43), '$scrypt$ln=0,r=0,p=0$x$y'])(
    'are never right against %j',
    async (stored) => {
      expect(await scryptPasswords(cheap).check(right, stored)).toBe('wrong');
    },
  );

  it('are the same however their letters were typed', async () => {
    const passwords = scryptPasswords(cheap);
    const stored = await passwords.hash(new Secret('caf\u00e9 with four words'));
    expect(await passwords.check(new Secret('cafe\u0301 with four words'), stored)).toBe('right');
  });

  it('wait in a line that has an end', async () => {
    const passwords = scryptPasswords(cheap);
    const answers = await Promise.allSettled(Array.from({ length: 40 }, () => passwords.hash(right)));
    const refused = answers.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(24);
    expect(await passwords.hash(right)).toMatch(/^\$scrypt/);
  });

  it('cost what OWASP asks for on this machine', () => {
    const { ln, p } = machineCost();
    expect([
      [17, 1],
      [15, 3],
    ]).toContainEqual([ln, p]);
  });
});
