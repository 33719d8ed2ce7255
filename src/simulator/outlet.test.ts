import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { outlet } from './outlet.ts';

const socketThatNotes = (): { readonly socket: Socket; readonly text: () => string } => {
  let text = '';
  const socket = {
    destroyed: false,
    writable: true,
    writableLength: 0,
    write: (bytes: Uint8Array) => {
      text += Buffer.from(bytes).toString('latin1');
      return true;
    },
  };
  return { socket: socket as unknown as Socket, text: () => text };
};

describe('outlet', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('without a limit gives everything on at once', () => {
    const { socket, text } = socketThatNotes();
    outlet(socket, () => undefined).write(Buffer.from('abc'));
    expect(text()).toBe('abc');
  });

  it('with a limit lets a tenth of it through every tenth of a second, in order', () => {
    const { socket, text } = socketThatNotes();
    const out = outlet(socket, () => 40);
    out.write(Buffer.from('abcdef'));
    out.write(Buffer.from('ghi'));
    expect([text(), out.backlog()]).toEqual(['', 9]);
    vi.advanceTimersByTime(100);
    expect([text(), out.backlog()]).toEqual(['abcd', 5]);
    vi.advanceTimersByTime(100);
    expect(text()).toBe('abcdefgh');
    vi.advanceTimersByTime(100);
    expect([text(), out.backlog(), vi.getTimerCount()]).toEqual(['abcdefghi', 0, 0]);
  });

  it('lets the rest go first when the limit is lifted', () => {
    const { socket, text } = socketThatNotes();
    let limit: number | undefined = 10;
    const out = outlet(socket, () => limit);
    out.write(Buffer.from('abc'));
    limit = undefined;
    out.write(Buffer.from('def'));
    expect(text()).toBe('');
    vi.advanceTimersByTime(100);
    expect([text(), vi.getTimerCount()]).toEqual(['abcdef', 0]);
  });

  it('forgets what waits when it is closed', () => {
    const { socket, text } = socketThatNotes();
    const out = outlet(socket, () => 10);
    out.write(Buffer.from('abc'));
    out.close();
    vi.advanceTimersByTime(1000);
    expect([text(), vi.getTimerCount()]).toEqual(['', 0]);
  });
});
