// The words that cameras use in topics, item names and class lists, and the kind each stands for. Tables, no judgement: what
// a whole message means is `onvif-topics.ts`. Each row names who was seen to use it.

import type { ClaimKind } from '../domain/camera-message.ts';

type Word = readonly [pattern: RegExp, kind: ClaimKind];

// Matched against one topic level or item name, lower case, prefix stripped.
// Order matters: a tampered or blinded lens also says "scene change"; "motion region" is motion, not a zone.
const WORDS: readonly Word[] = [
  [
    // `MaskAlarm` Hikvision, `VideoCover` OEMs of Xiongmai, `ImageToo…` ONVIF Core annex, `Tampering` Axis and Hanwha.
    /tamper|scene(?:detector\/)?change|imagetoo(?:dark|bright|blurry|noisy)|occlu|defocus|lenscover|hideimage|coverdetect|videocover|maskalarm|videomask/,
    'tamper',
  ],
  [/package|parcel/, 'package'],
  // `Visitor` Reolink, `RingDetector` Ajax, `CallRequest` Hanwha intercoms.
  [/visitor|doorbell|^ringdetect|^ring$|callrequest/, 'doorbell'],
  [/^pir$|pirsensor|passiveinfrared|^pir(?:motion|alarm|detect)/, 'pir'],
  // Not the face in "interface" and "surface".
  [/(?:^|[^r])face/, 'face'],
  // `FallDetector`, `ViolenceDetector` Milesight, `CrowdDetector` Hikvision OEMs.
  [/people|person|human|pedestrian|^fall(?:$|detect)|violence|crowd|rioter/, 'person'],
  // `ALPV` Axis.
  [
    /vehic(?:le|al)|^cars?$|cardetect|licen[sc]eplate|numberplate|platedetect|^a[nl]p[rv]|^lpr|truck|bicycle|motorcycle|nonmotor|(?:electric|motor)bike|parking/,
    'vehicle',
  ],
  [/animal|^pets?$|petdetect|dogcat|^dog|^cat(?:$|detect)|^birds?(?:$|detect)/, 'animal'],
  // `Crossed` ONVIF, `CrossLineDetection` Dahua, `Crossing` Ajax, `ObjectCrosses` Avigilon, `CrossingLine` Bosch.
  [/line(?:cross|detect)|crossline|crossingline|tripwire|crossed|^crossing$|objectcrosses/, 'line'],
  [
    // `EnteringField`, `LeavingField`, `ObjectInField` Bosch; `Field/Entered` Hanwha; `CrossRegion` Dahua; `RegionEntrance` VIGI.
    /intrusion|fielddetect|objects?inside|isinside|loiter|wander|fenceguard|regionentr|regionexit|(?:enter|exit|leave)(?:region|area)|area(?:enter|leave|exit)|crossregion|(?:entering|leaving|in)field$|objects?(?:enter|leave|appear|stop|inarea)|^entered$|^exited$/,
    'zone',
  ],
  [
    // `NoMotion` is the opposite. `AutoTracking` follows what moves; `MixedTarget` Uniview is people or vehicles; things that were left or taken are in, or gone from, the picture.
    /(?<!\bno)motion|^vmd\d*$|^md$|movement|moving|videomove|^movedetect|mixedtarget|autotracking|baggage|luggage|abandoned|leftobject|objectleft|leftdetect|takenaway|object(?:is)?removed|removedobject|detectanyobject/,
    'motion',
  ],
];

export const wordKind = (word: string): ClaimKind | undefined => WORDS.find(([pattern]) => pattern.test(word))?.[1];

/** Objects by the words of ONVIF Analytics 5.2 (`Class/Type`) and of vendors; a class we do not know is still an object. */
export const classKind = (word: string): ClaimKind => {
  const name = word.toLowerCase();
  if (/^(?:human|person|people|pedestrian|upperbody)/.test(name) && !/face/.test(name)) return 'person';
  if (/face/.test(name)) return 'face';
  if (/vehi?c(?:le|al)|^cars?$|truck|bus$|bike|bicycle|motorcycle|van$|licen[sc]eplate/.test(name)) return 'vehicle';
  if (/animal|^dog|^cat$|^pet|^bird/.test(name)) return 'animal';
  return 'motion';
};

/** Families of ONVIF Core 9.2 and its annex that speak of the device, never of the scene. */
export const NOT_THE_SCENE: RegExp =
  /^(?:monitoring|mediacontrol|mediaconfiguration|media|recordingconfig|recordinghistory|trackconfig|configuration|ptzcontroller|audiosource|audioanalytics|advancedsecurity|hardwarefailure|storage|light|lightcontrol|network|mqtt|credential|user|schedule)$/;

/** Wires into the device, and what stands for one. */
export const INPUTS: RegExp =
  /^(?:digitalinput|inputport|alarmin|alarminput|alarmlocal|iport|io|port|virtualinput|virtualport|manualtrigger|externaltrigger)s?(?:_?\d+)?$/;

/** What counts says how many, not that something moves; the rule that counts has an event of its own for that. */
export const COUNTS: RegExp = /count(?:er|ing|aggregation)?$|occupancy/;

/** Drawings for the camera's own pages (Axis `xinternal_data`), sent many times a second while one is open. */
export const INTERNAL: RegExp = /^xinternal/;
