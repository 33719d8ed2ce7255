import { describe, expect, it } from 'vitest';
import { reportFromText } from '../../domain/camera-report.ts';
import { readMessage } from './message.ts';

const mail = (type: string, body: string): Uint8Array =>
  Buffer.from(
    `From: "Camera" <yard@cameras.example>\r\nTo: photos@example.org\r\nSubject: Foto\r\nMIME-Version: 1.0\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`,
  );

describe('the words of a mail', () => {
  it('are read out of an HTML table, its letters and signs too', async () => {
    const html =
      '<html><head><style>.a{temp:9C}</style></head><body><table><tr><td>Batteriestand</td><td>72&nbsp;%</td></tr><tr><td>Temperatur</td><td>-4&deg;C</td></tr><tr><td>Signalst&auml;rke</td><td>60%</td></tr></table></body></html>';
    const { text, addresses } = await readMessage(mail('text/html; charset=utf-8', html));
    expect(reportFromText(text)).toEqual({ battery: 72, temperature: -4, signal: 60 });
    expect(addresses).toEqual(['yard@cameras.example', 'photos@example.org']);
  });

  it('are read out of a report that is attached', async () => {
    const body =
      '--b\r\nContent-Type: text/plain\r\n\r\nDaily report\r\n--b\r\nContent-Type: text/plain; name="dr.txt"\r\nContent-Disposition: attachment; filename="dr.txt"\r\n\r\nBattery:55%\r\nIMEI:356938035643809\r\n--b--';
    const { text } = await readMessage(mail('multipart/mixed; boundary=b', body));
    expect(reportFromText(text)).toEqual({ battery: 55, imei: '356938035643809' });
  });
});
