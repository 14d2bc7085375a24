/** A phrase that readers have to decode, and what to write instead. */
export type Phrase = { not: RegExp; write: string };

/**
 * Phrases that our pages, screens, errors and comments don't use. Each is one that was really written here. Add yours,
 * as a pattern that has no good use: the test reads every line.
 */
export const PHRASES: Phrase[] = [
  { not: /\bwhoever\b/i, write: 'you, or the person who' },
  { not: /\bwhosoever\b|\bwhatsoever\b|\bthereof\b|\bhereby\b/i, write: 'the plain noun' },
  { not: /\bsurely\b/i, write: 'always, or nothing' },
  { not: /\banew\b|\bafresh\b/i, write: 'again' },
  { not: /\bbut for\b/i, write: 'except' },
  { not: /\b(is|are|was|were) told\b/i, write: 'receives, learns, sees' },
  { not: /\bgone on with\b|\bgoes on with\b|\bgo on with\b/i, write: 'resume, continue' },
  { not: /\bbroken off\b|\bbreak(s)? off\b/i, write: 'interrupted, stopped' },
  { not: /\bmend(s|ed|ing)?\b/i, write: 'fix' },
  { not: /\b(is|are) (not )?there\b[.,;:)]/i, write: 'exists, is missing' },
  { not: /\bsigns on\b/i, write: 'stays valid' },
  { not: /\bwhat came\b/i, write: 'the request, the body, the answer' },
  { not: /\bNothing is repeated\b/i, write: 'Deliveries are never retried' },
  { not: /\bopens nothing\b/i, write: 'is not valid' },
  { not: /\bof somebody else\b/i, write: 'that belongs to another workspace' },
  { not: /\bearlier before the later\b/i, write: 'in priority order' },
  { not: /\btakes? away\b/i, write: 'delete, remove' },
  { not: /\b(makes?|made) (a|the) (link|key|webhook|domain)s?\b/i, write: 'create' },
  { not: /\b(e-)?mails? program\b/i, write: 'e-mail client' },
  { not: /\bthe post(s)? (of|to|that|is|are|was|were)\b/i, write: 'the delivery' },
  {
    not: /\b(posts|told|subscribed) beside\b|\bbeside (it|them|this|that|these)\b/i,
    write: 'next to, in addition to',
  },
  { not: /\bever (other|new|more)\b/i, write: 'more and more' },
  { not: /\b(simply|easily|obviously|basically)\b/i, write: 'nothing' },
];
