import { describe, expect, it } from 'vitest';
import { openLog } from './log.ts';

const stage = (format: 'people' | 'json') => {
  const lines: string[] = [];
  return { lines, log: openLog(format, { write: (text: string) => lines.push(text) }) };
};

describe('the log', () => {
  it('says more or less while the program runs', () => {
    const { lines, log } = stage('people');
    const all = (): void => {
      log.debug('d');
      log.info('i');
      log.warn('w');
      log.error('e');
    };
    const said = (): string =>
      lines
        .splice(0)
        .map((line) => line.trimEnd().at(-1))
        .join('');
    all();
    expect(said()).toBe('iwe');
    log.level = 'debug';
    all();
    expect(said()).toBe('diwe');
    log.level = 'error';
    all();
    expect(said()).toBe('e');
    expect(log.level).toBe('error');
  });

  it('gives programs all the facts, and nobody a password', () => {
    const { lines, log } = stage('json');
    log.warn('rtsp://admin:canary@10.0.0.5/stream1 refused', { camera: 'garden' });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 40, camera: 'garden' });
    expect(lines.join('')).not.toContain('canary');
  });
});
