import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../domain/secret.ts';
import { answerChallenge, type Challenge, parseChallenges, SignIn, schemeName, strongest } from './authorization.ts';

const challenge = (line: string): Challenge => {
  const best = strongest(parseChallenges([line]));
  if (!best) throw new Error(`no challenge in ${line}`);
  return best;
};
const mufasa = (password: string): { user: string; password: Secret } => ({
  user: 'Mufasa',
  password: new Secret(password),
});
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const RFC_7616 =
  'realm="http-auth@example.org", qop="auth, auth-int", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
const RFC_7616_NONCE = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';

describe('answerChallenge, published vectors', () => {
  const request = { method: 'GET', uri: '/dir/index.html', count: 1 };
  const cnonce7616 = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
  it.each([
    [
      'RFC 2617 section 3.5',
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
      'Circle Of Life',
      '0a4f113b',
      '6629fae49393a05397450978507c4ef1',
    ],
    [
      'RFC 7616 section 3.9.1, MD5',
      `Digest algorithm=MD5, nonce="${RFC_7616_NONCE}", ${RFC_7616}`,
      'Circle of Life',
      cnonce7616,
      '8ca523f5e9506fed4657c9700eebdbec',
    ],
    [
      'RFC 7616 section 3.9.1, SHA-256',
      `Digest algorithm=SHA-256, nonce="${RFC_7616_NONCE}", ${RFC_7616}`,
      'Circle of Life',
      cnonce7616,
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    ],
    [
      'RFC 2069 section 2.4 with its erratum, no qop',
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
      'CircleOfLife',
      'unused',
      '1949323746fe6a43ef61f9606e7febea',
    ],
  ])('%s', (_, line, password, cnonce, response) => {
    expect(answerChallenge(challenge(line), mufasa(password), { ...request, cnonce })).toContain(
      `response="${response}"`,
    );
  });

  it('MD5-sess hashes the session key in (RFC 7616 section 3.4.2)', () => {
    const header = answerChallenge(
      challenge('Digest realm="r", nonce="n", algorithm=MD5-sess'),
      { user: 'u', password: new Secret('p') },
      { method: 'DESCRIBE', uri: 'rtsp://c/x', cnonce: 'cn', count: 1 },
    );
    expect(header).toContain(`response="${md5(`${md5(`${md5('u:r:p')}:n:cn`)}:n:${md5('DESCRIBE:rtsp://c/x')}`)}"`);
    expect(header).toContain('algorithm=MD5-sess');
    expect(header).toContain('cnonce="cn"');
  });

  it('Basic, RFC 7617 section 2', () => {
    const credentials = { user: 'Aladdin', password: new Secret('open sesame') };
    const header = answerChallenge(challenge('Basic realm="x"'), credentials, { ...request, cnonce: '' });
    expect(header).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
  });

  it('counts, escapes, and names only what the camera named', () => {
    const header = answerChallenge(
      challenge('Digest realm="a\\"b", nonce="n", qop=auth'),
      { user: 'o"x', password: new Secret('p') },
      { method: 'PLAY', uri: 'rtsp://c/x', cnonce: 'cn', count: 255 },
    );
    expect(header).toMatch(
      /^Digest username="o\\"x", realm="a\\"b", nonce="n", uri="rtsp:\/\/c\/x", response="\w{32}", /,
    );
    expect(header).toMatch(/, qop=auth, nc=000000ff, cnonce="cn"$/);
    expect(header).not.toMatch(/algorithm|opaque/);
  });
});

describe('strongest', () => {
  const md = 'Digest realm="r", nonce="n"';
  const sha = 'Digest realm="r", nonce="n", algorithm="SHA-256"';
  it.each([
    [['Basic realm="r"', md], 'Digest MD5'],
    [[md, 'Basic realm="r"'], 'Digest MD5'],
    [[md, sha], 'Digest SHA-256'],
    [[`${md}, ${sha}, Basic realm="r"`], 'Digest SHA-256'],
    [[`${sha}-sess`, sha], 'Digest SHA-256'],
    [['Digest realm="r", nonce="n", algorithm=MD5-sess', md], 'Digest MD5'],
    [['Digest realm="r", nonce="n", algorithm=SHA-512-256', md], 'Digest MD5'],
    [['Digest realm="r", nonce="n", algorithm=SHA-512-256'], undefined],
    [['Digest realm="r", nonce="n", qop="auth-int"'], undefined],
    [['Digest realm="r", nonce="n", qop=""'], 'Digest MD5'],
    [['Digest realm="r"', 'Basic realm="r"'], 'Basic'],
    [['Digest realm=r nonce=n'], 'Digest MD5'],
    [['NTLM', 'Negotiate'], undefined],
    [[], undefined],
  ])('of %j is %s', (lines, name) => {
    const best = strongest(parseChallenges(lines));
    expect(best && schemeName(best)).toBe(name);
  });

  it('takes any text', () => {
    fc.assert(fc.property(fc.array(fc.string()), (lines) => void strongest(parseChallenges(lines))));
    fc.assert(
      fc.property(fc.stringMatching(/^(Digest|Basic|realm=|nonce="|[",\\= a-z])*$/), (line) => {
        void strongest(parseChallenges([line]));
      }),
    );
  });
});

describe('SignIn', () => {
  const headers = (line: string): ReadonlyMap<string, readonly string[]> => new Map([['www-authenticate', [line]]]);
  const first = headers('Digest realm="r", nonce="1"');
  const renewed = headers('Digest realm="r", nonce="2"');
  const stale = headers('Digest realm="r", nonce="2", stale=TRUE');
  const staleSame = headers('Digest realm="r", nonce="1", stale=true');
  const basic = headers('Basic realm="r"');
  const signIn = (): SignIn => new SignIn({ user: 'u', password: new Secret('p') }, () => 'cn');

  it('without credentials there is nothing to try', () => {
    expect(new SignIn(undefined, () => '').challenged(first, false)).toBe('no-credentials');
  });

  it.each([
    ['the first challenge', first, undefined, 'try'],
    ['a refusal with a new nonce, as every refusal has', first, renewed, 'refused'],
    ['a stale nonce', first, stale, 'try'],
    ['stale, but the same nonce', first, staleSame, 'refused'],
    ['Basic after a refused digest', first, basic, 'refused'],
    ['Basic refused', basic, basic, 'refused'],
  ])('%s', (_, one, two, verdict) => {
    const state = signIn();
    const verdicts = [state.challenged(one, false)];
    if (two) {
      expect(state.authorization('PLAY', 'u')).toBeDefined();
      verdicts.push(state.challenged(two, true));
    }
    expect(verdicts.at(-1)).toBe(verdict);
  });

  it('believes a silent renewal of the nonce only after the password has been taken', () => {
    const state = signIn();
    state.challenged(first, false);
    expect(state.authorization('PLAY', 'u')).toContain('nonce="1"');
    state.accepted();
    expect(state.challenged(renewed, true)).toBe('try');
    expect(state.authorization('PLAY', 'u')).toContain('nonce="2"');
  });

  it('counts uses of one nonce and starts again with the next', () => {
    const state = signIn();
    state.challenged(headers('Digest realm="r", nonce="1", qop="auth"'), false);
    expect(state.authorization('A', 'u')).toContain('nc=00000001');
    expect(state.authorization('B', 'u')).toContain('nc=00000002');
    state.challenged(headers('Digest realm="r", nonce="2", qop="auth", stale=true'), true);
    expect(state.authorization('C', 'u')).toContain('nc=00000001');
  });

  it('never shows the password', () => {
    const state = new SignIn({ user: 'u', password: new Secret('canary') }, () => 'cn');
    state.challenged(first, false);
    expect(
      `${JSON.stringify(state)} ${inspect(state, { showHidden: true })} ${state.scheme} ${state.authorization('A', 'u')}`,
    ).not.toContain('canary');
  });
});
