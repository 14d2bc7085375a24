import type Bowser from 'bowser';
import type { Platform } from '../../clicks/visitor-values.ts';

/** What a User-Agent says about the visitor's machine. Null where it says nothing. */
export type Device = {
  /** One of `PLATFORMS`. */
  platform: string | null;
  device: 'desktop' | 'phone' | 'tablet' | 'tv' | null;
  system: 'windows' | 'macos' | 'linux' | 'chromeos' | 'ios' | 'android' | null;
};

/** Televisions, set-top boxes and sticks, and consoles, which people also use on a television. */
const TV =
  /\b(?:PlayStation|Xbox|Nintendo|AFT[A-Z]\w*|BRAVIA|Chromecast|CrKey|Roku|HbbTV|VIDAA|NetCast|Web0S|NetTV|InettvBrowser|M[Ii](?:BOX|Box|TV)\w*|TPM\d{3}E|AI PONT|ADT-\d|Nexus Player|AQUOS-TV\w*|BeyondTV\d*|TV|tvOS)\b|\bonn\. (?:\w+ )?(?:Streaming|Box|Stick)|Android ?TV|Google ?TV|Apple ?TV|[Ss](?:mart|MART)[- _]?TV|DTV\b/;

const SYSTEMS: Record<string, Device['system']> = {
  Windows: 'windows',
  macOS: 'macos',
  Linux: 'linux',
  'Chrome OS': 'chromeos',
  iOS: 'ios',
  Android: 'android',
};

const FORMS: Record<string, Device['device']> = {
  desktop: 'desktop',
  mobile: 'phone',
  tablet: 'tablet',
  tv: 'tv',
};

/** Televisions with other systems, recognised only by the name of their maker or device. */
const OTHER_TV = /\bRoku|\b(?:Viera|TiVo)\b|\(Sky, |\b(?:GW|MR)-Device\//;

/** Names of Android models that are a television or connect to one: boxes, sticks, sets of smaller brands. */
const ANDROID_TV_MODEL =
  /; ?Andr[o0]id [\d.]+; (?:[a-z]{2}[-_][A-Za-z]{2}; )?[^);]*(?:\b(?:Box|STB)\b|BOX\b|[A-Za-z]{3}TV\b|\bTVS-|LED\d{2}|\b(?:BRAVIA|onn\. [^);]*Streaming|Q[MV]1\d\dE|(?:[HX]96|TX[369])(?!\d)|MXQ|MECOOL|VONTAR|Formuler))/;
/** Android's builds for televisions have a T in the second place, where those for phones have a P, Q or K. */
const ANDROID_TV_BUILD = /\bBuild\/[A-Z]T[A-Z]{1,3}\d?\.?\d{6}\.\d{3}/;

const isTv = (userAgent: string): boolean =>
  [TV, OTHER_TV, ANDROID_TV_MODEL, ANDROID_TV_BUILD].some((pattern) => pattern.test(userAgent));

/** OpenHarmony's comment says what it runs on: `(PC; OpenHarmony 5.0)`. */
const OPEN_HARMONY = /\((PC|2in1|Phone|Tablet|TV)\b[^)]*; ?OpenHarmony/;
const OPEN_HARMONY_FORMS: Record<string, Device['device']> = {
  PC: 'desktop',
  '2in1': 'desktop',
  Phone: 'phone',
  Tablet: 'tablet',
  TV: 'tv',
};

/** The apps of Facebook and others may send only a list of what they run on, instead of a browser's User-Agent. */
function appSystem(userAgent: string): 'ios' | 'android' | null {
  if (/\biOS\b|\biPadOS\b|\bFBAN\/(?:FBIOS|\w*ForiOS)|\bFBDV\/iP/.test(userAgent)) return 'ios';
  return /\bFBSN\/Android|\b(?:FBAN|FB_IAB)\/(?:FB4A|Orca|EMA|MESSENGER|Messenger)/.test(userAgent)
    ? 'android'
    : null;
}

/** Phone or tablet: Android says `Mobile`, which no app's own User-Agent contains. */
function androidForm(userAgent: string): Device['device'] {
  if (/\btablet\b|FBID\/tablet|\bnexus (?:7|9|10)\b/i.test(userAgent)) return 'tablet';
  return !userAgent.startsWith('Mozilla/') || /\bMobile\b|\bFBID\/phone/.test(userAgent) ? 'phone' : 'tablet';
}

function formOf(userAgent: string, system: Device['system'], agent: Bowser.Parser.Parser): Device['device'] {
  const harmony = OPEN_HARMONY.exec(userAgent)?.[1];
  if (harmony) return OPEN_HARMONY_FORMS[harmony] ?? null;
  if (isTv(userAgent)) return 'tv';
  if (system === 'ios') return /\biPad|FBID\/tablet/.test(userAgent) ? 'tablet' : 'phone';
  if (system === 'android') return androidForm(userAgent);
  if (system === 'chromeos') return 'desktop';
  const type = agent.getPlatformType();
  if (type !== '') return FORMS[type] ?? null;
  if (/^(?:Tizen|WebOS)$/.test(agent.getOSName())) return 'tv';
  return /\bX11\b/.test(userAgent) ? 'desktop' : null;
}

/**
 * Operating systems that people know from computers are null for other devices, because people do not think of a
 * television as Linux.
 */
function systemOf(system: Device['system'], form: Device['device']): Device['system'] {
  if (form === null) return null;
  if (system === 'ios' || system === 'android' || form === 'desktop') return system;
  return form === 'tablet' && system === 'windows' ? system : null;
}

function platformOf(system: Device['system'], form: Device['device']): Platform | null {
  if (form === 'tv' || form === 'desktop' || form === null) return form;
  if (system === 'ios' || system === 'android') return system;
  return form === 'phone' ? 'mobile' : 'tablet';
}

/** Describes the machine of a click. For a bot it is null, unless the bot says what it runs on. */
export function describeDevice(userAgent: string, agent: Bowser.Parser.Parser): Device {
  const known = SYSTEMS[agent.getOSName()] ?? appSystem(userAgent);
  const device = formOf(userAgent, known, agent);
  return { platform: platformOf(known, device), device, system: systemOf(known, device) };
}
