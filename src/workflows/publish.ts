/** Shows the state where people look for it among other workflows: search attributes and memo. */
import { upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { searchAttributeNames } from '../domain/upgrade/search-attributes';
import type { UpgradeState } from '../domain/upgrade/upgrade-state';
import { statusPhase, waitingFor } from '../domain/upgrade/upgrade-status';

const clusterKey = defineSearchAttributeKey('KafkaCluster', SearchAttributeType.KEYWORD);
const phaseKey = defineSearchAttributeKey('UpgradePhase', SearchAttributeType.KEYWORD);
const targetKey = defineSearchAttributeKey('UpgradeTarget', SearchAttributeType.KEYWORD);
const attentionKey = defineSearchAttributeKey('UpgradeAttention', SearchAttributeType.BOOL);

/** Publishes each change once; an attribute that the namespace does not know is never upserted: it would wedge us. */
export class Publisher {
  private published = '';

  /** `searchable`: the namespace knows all attributes. */
  constructor(private searchable: boolean) {}

  get isSearchable(): boolean {
    return this.searchable;
  }

  useSearchAttributes(registered: readonly string[]): void {
    this.searchable = searchAttributeNames.every((name) => registered.includes(name));
  }

  publish(state: UpgradeState): void {
    if (!this.searchable) return;
    const phase = statusPhase(state);
    const attention = waitingFor(state) !== null;
    const fingerprint = `${phase} ${attention}`;
    if (fingerprint === this.published) return;
    this.published = fingerprint;
    upsertSearchAttributes([
      { key: clusterKey, value: state.cluster },
      { key: phaseKey, value: phase },
      { key: targetKey, value: state.target },
      { key: attentionKey, value: attention },
    ]);
  }

  /** What a list of workflows shows beside; runs after the first begin later than the upgrade. */
  remember({ request, target, startedAtMs }: UpgradeState, plan: { planHash: string; from: string }): void {
    const { requester, ticket } = request;
    upsertMemo({ ...plan, requester: requester ?? '', ticket: ticket ?? '', target, startedAtMs });
  }
}
