import type { UpgradeLook } from '../client/upgrade-client';
import type { CommandContext } from './answer-commands';
import type { Style } from './style';

/** One moment of an upgrade and what the view needs beside it. */
export interface StatusViewInput extends UpgradeLook {
  nowMs: number;
  /** How to answer what the upgrade waits for; null leaves that out. */
  commands: CommandContext | null;
  /** Page of the upgrade in the web UI, null when unknown. */
  webPage: string | null;
  /** Further lines before the web UI's address: the demo's traffic. */
  extra?: string[];
  /** Leave out what is settled, for low windows. */
  compact?: boolean;
}

/** How a view is drawn: colours, and the columns it may take. */
export interface ViewOptions {
  style: Style;
  width: number;
}
