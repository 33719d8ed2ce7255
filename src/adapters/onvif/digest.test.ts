import { describe, expect, it } from 'vitest';
import { Secret } from '../../domain/secret.ts';
import { basicAnswer, bestDigest, digestAnswer, isStale, readChallenges } from './digest.ts';

const credentials = { user: 'Mufasa', password: new Secret('Circle of Life') };
const request = {
  method: 'GET',
  target: '/dir/index.html',
  body: '',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  count: 1,
};

// RFC 7616, 3.9.1, both challenges of the example in one answer.
const example = [
  'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
  'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
];

const response = (header: string): string | undefined => /response="([^"]*)"/.exec(header)?.[1];

describe('digest', () => {
  it('answers the examples of RFC 7616, SHA-256 before MD5', () => {
    const challenges = readChallenges(example);
    const best = bestDigest(challenges);
    expect(best?.parameters.get('algorithm')).toBe('SHA-256');
    const [sha, md5] = challenges;
    expect(response(digestAnswer(sha ?? never(), credentials, request))).toBe(
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    );
    expect(response(digestAnswer(md5 ?? never(), credentials, request))).toBe('8ca523f5e9506fed4657c9700eebdbec');
  });

  it('answers the example of RFC 2617, and the old form without qop', () => {
    const old = { user: 'Mufasa', password: new Secret('Circle Of Life') };
    const text =
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
    const [qop] = readChallenges([`${text}, qop="auth,auth-int"`]);
    const [bare] = readChallenges([text]);
    const asked = { ...request, cnonce: '0a4f113b' };
    expect(response(digestAnswer(qop ?? never(), old, asked))).toBe('6629fae49393a05397450978507c4ef1');
    const header = digestAnswer(bare ?? never(), old, asked);
    expect(response(header)).toBe('670fd8c2df070c60b045671b8b24ff02');
    expect(header).not.toMatch(/qop|cnonce|nc=/);
  });

  it.each([
    [
      'two challenges in one header',
      ['Digest realm="a", nonce="1", Digest realm="a", nonce="2", algorithm=SHA-256, Basic realm="x"'],
      '2',
    ],
    [
      'one without an algorithm, and SHA-256',
      ['Digest realm="a", nonce="1"', 'Digest realm="a",algorithm="SHA-256",nonce="2"'],
      '2',
    ],
    ['an algorithm nobody knows', ['Digest realm="a", nonce="1", algorithm=SHA-512-256', 'Digest nonce="2"'], '2'],
    ['an algorithm named like a method of objects', ['Digest nonce="1", algorithm=constructor'], undefined],
    ['no nonce', ['Digest realm="a"'], undefined],
    ['a quality of protection nobody knows', ['Digest nonce="1", qop="future"'], undefined],
    ['basic only', ['Basic realm="a"'], undefined],
    ['nothing', [], undefined],
    ['a broken header', ['=,,"Digest nonce="', 'Digest  nonce = "7" , x'], '7'],
  ])('chooses among %s', (_, headers, nonce) => {
    expect(bestDigest(readChallenges(headers))?.parameters.get('nonce')).toBe(nonce);
  });

  it('keeps quotes and backslashes in what it quotes back', () => {
    const [challenge] = readChallenges(['Digest realm="a\\"b", nonce="n\\\\1", opaque="o"']);
    expect(challenge?.parameters.get('realm')).toBe('a"b');
    expect(digestAnswer(challenge ?? never(), credentials, request)).toContain('realm="a\\"b", nonce="n\\\\1"');
  });

  it('knows a stale nonce', () => {
    const [stale, fresh] = readChallenges(['Digest nonce="1", stale=TRUE', 'Digest nonce="1", stale=false']);
    expect(isStale(stale ?? never())).toBe(true);
    expect(isStale(fresh ?? never())).toBe(false);
  });

  it('sends Basic as UTF-8', () => {
    const header = basicAnswer({ user: 'æ', password: new Secret('ø:å') });
    expect(Buffer.from(header.slice(6), 'base64').toString()).toBe('æ:ø:å');
  });
});

const never = (): never => {
  throw new Error('no challenge was read');
};
