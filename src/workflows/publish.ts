/** Shows the state where people look: details page, search attributes and memo of the web UI. */
import { setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { detailsMarkdown } from '../domain/upgrade/details';
import { searchAttributeNames } from '../domain/upgrade/search-attributes';
import type { UpgradeRequest } from '../domain/plan/request';
import type { UpgradeStatus } from '../domain/upgrade/upgrade-status';

const clusterKey = defineSearchAttributeKey('KafkaCluster', SearchAttributeType.KEYWORD);
const phaseKey = defineSearchAttributeKey('UpgradePhase', SearchAttributeType.KEYWORD);
const targetKey = defineSearchAttributeKey('UpgradeTarget', SearchAttributeType.KEYWORD);
const attentionKey = defineSearchAttributeKey('UpgradeAttention', SearchAttributeType.BOOL);

/** Publishes each change once; an attribute that the namespace does not know is never upserted: it would wedge us. */
export class Publisher {
  private searchable = false;
  private published = '';

  useSearchAttributes(registered: readonly string[]): void {
    this.searchable = searchAttributeNames.every((name) => registered.includes(name));
  }

  publish(status: UpgradeStatus): void {
    setCurrentDetails(detailsMarkdown(status));
    const attention = status.waitingFor !== null;
    const fingerprint = `${status.phase} ${attention}`;
    if (!this.searchable || fingerprint === this.published) return;
    this.published = fingerprint;
    upsertSearchAttributes([
      { key: clusterKey, value: status.cluster },
      { key: phaseKey, value: status.phase },
      { key: targetKey, value: status.toVersion },
      { key: attentionKey, value: attention },
    ]);
  }

  remember({ requester, ticket, target }: UpgradeRequest, plan: { planHash: string; from: string }): void {
    upsertMemo({ ...plan, requester: requester ?? '', ticket: ticket ?? '', target });
  }
}
