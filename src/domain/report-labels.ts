// The words before a value in a camera's text, in the languages that cameras of the field are sold in. Each is a pattern
// without its value; longer words come first, so that "battery level" is not read as "battery".

/** What a battery is called, where its charge or its voltage follows. */
export const BATTERY: string = [
  'battery(?: ?(?:level|status|power|remaining|charge|percentage|life|info))?',
  'remaining battery',
  'batter(?:y|ie)[-_ ]?(?:stand|ladung|status|zustand|niveau)',
  'batteri(?:niveau|status|niv[åa]|stand|styrke)?',
  'batterij(?:niveau|status)?',
  'batterie(?:n)?',
  '(?:niveau|état|etat) (?:de )?(?:la )?(?:batterie|pile)s?',
  '(?:livello )?batteria',
  '(?:nivel|n[íi]vel) (?:de )?(?:la )?bater[íi]a',
  'bater[íi][ae]',
  'akku(?:stand|ladung|status)?',
  'ladezustand',
  'akun varaus',
  'batt?\\.?',
  'int(?:ernal)?\\.? ?(?:bat(?:t(?:ery)?)?|power)',
  'power(?: level)?',
].join('|');

export const VOLTAGE: string = [
  'batteriespannung',
  'batteri ?sp[æa]nding',
  '(?:battery |input |supply )?voltage',
  'spannung',
  'sp[æa]nding',
  'sp[äa]nning',
  'tension',
  'tensione',
  'ext(?:ernal)?\\.? ?(?:power|bat(?:t(?:ery)?)?|dc)',
  BATTERY,
].join('|');

export const SIGNAL: string = [
  'signal[-_ ]?(?:strength|quality|level|st[äa]rke|qualit[äa]t|styrke|kvalitet|sterkte)',
  '(?:4g|3g|2g|5g|lte|gsm|network|cellular|mobile|mobil|netz|net|antenna)[-_ ]?(?:signal|st[äa]rke|strength|empfang|d[æa]kning|rssi)',
  '(?:force|intensit[ée]|puissance|qualit[ée]) (?:du )?signal',
  '(?:intensidad de )?se[ñn]al',
  '(?:intensit[àa] )?segnale',
  'signaali',
  'empfang(?:sst[äa]rke)?',
  'd[æa]kning',
  'rssi',
  'signal',
  'gsm',
  'lte',
  '4g',
].join('|');

export const TEMPERATURE: string = [
  '(?:camera |ambient |umgebungs|kamera|au[ßs]en|device |internal )?temp(?:eratu+r[ea]?)?\\.?',
  'temp[ée]rature',
  'l[äa]mp[öo]tila',
  'teplota',
].join('|');

export const MOON: string = [
  'moon(?: ?phase)?',
  'mond(?:phase)?',
  'm[åa]ne(?:fase|nfas)?',
  'maan(?:fase|stand)?',
  '(?:phase (?:de )?(?:la )?)?lune',
  '(?:fase (?:de )?(?:la )?)?lun[ae]',
].join('|');

export const MODEL: string = [
  '(?:camera|device|product|cam|kamera)[-_ ]?(?:model|modell|type|typ)(?: ?(?:name|no\\.?|number))?',
  'mod(?:el|ell|èle|ele|elo|ello)(?: ?(?:name|no\\.?|number))?',
].join('|');

export const SERIAL: string = [
  '(?:camera |device |ipc |cam )?(?:s/?n|serial(?: ?(?:no\\.?|number|nr\\.?))?)',
  'serien(?:nummer|-?nr\\.?)',
  'serienummer',
  'num[ée]ro de s[ée]rie',
].join('|');
