// One line on a terminal that is written over; nothing at all where nobody watches.

export interface ProgressLine {
  show(text: string): void;
  /** Before anything else is printed. */
  clear(): void;
}

export const progressLine = (out: NodeJS.WriteStream): ProgressLine => ({
  show(text) {
    if (out.isTTY) out.write(`\r\u001B[2K${text}`);
  },
  clear() {
    if (out.isTTY) out.write('\r\u001B[2K');
  },
});
