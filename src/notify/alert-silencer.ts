import type { AlertSilenceDefinition } from '../config/definition';

/** Whose silence it is, and until when. */
export interface WantedSilence {
  cluster: string;
  /** Of the upgrade; together with the cluster it is how a silence is found again (I4). */
  runId: string;
  /** ms since the epoch. */
  untilMs: number;
}

/** Port: silences the alerts of a cluster. Rejects with `AlertmanagerFailed`. */
export interface AlertSilencer {
  /** Makes the silence, or makes the one that is there longer; resolves to what was done, in words. */
  ensure(definition: AlertSilenceDefinition, wanted: WantedSilence, signal?: AbortSignal): Promise<string>;
  /** Ends the silence of this upgrade; none is fine. */
  lift(
    definition: AlertSilenceDefinition,
    owner: Pick<WantedSilence, 'cluster' | 'runId'>,
    signal?: AbortSignal,
  ): Promise<string>;
}
