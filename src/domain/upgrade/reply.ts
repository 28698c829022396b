import type { UpgradeEventBody } from './upgrade-state';

/** The answer to a message, and what changes by it. */
export interface Reply {
  accepted: boolean;
  /** One sentence for whoever sent it. */
  answer: string;
  events?: UpgradeEventBody[];
}

/** A no, which changes nothing. */
export const refuse = (answer: string): Reply => ({ accepted: false, answer });

/** A yes, with what changes by it. */
export const accept = (answer: string, ...events: UpgradeEventBody[]): Reply => ({ accepted: true, answer, events });
