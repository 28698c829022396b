import type { BrokerProcess } from '../domain/cluster/cluster';
import type { Launch, RestartRecord } from '../domain/restart/restart-record';

const asProcess = (word: string | undefined): BrokerProcess | null => {
  const groups = /^(?<pid>\d+):(?<ticks>\d+)$/.exec(word ?? '')?.groups;
  return groups === undefined ? null : { pid: Number(groups['pid']), startTicks: Number(groups['ticks']) };
};

const empty = (id: string): RestartRecord => ({ id, asked: null, exited: null, cause: null, launches: [] });

const withStarted = (launches: readonly Launch[], started: BrokerProcess | null): Launch[] =>
  launches.map((launch, index) => (index === launches.length - 1 ? { ...launch, started } : launch));

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');

/** The record after one more line; a line that is not understood changes nothing (the host may have lost its end). */
const afterLine = (record: RestartRecord, line: string): RestartRecord => {
  const [word, first = '', second = ''] = line.split(' ');
  switch (word) {
    case 'asked':
      // Asked again: what came before was undone by somebody who started the node in between.
      return { ...empty(record.id), asked: asProcess(first) };
    case 'exited':
      return { ...record, exited: { stopMs: /^\d+$/.test(first) ? Number(first) : null, clean: second === '1' } };
    case 'cause':
      return { ...record, cause: { type: first, message: decoded(second) } };
    case 'launch':
      return first === 'planned' || first === 'back'
        ? { ...record, launches: [...record.launches, { aim: first, version: second, started: null }] }
        : record;
    case 'started':
      return { ...record, launches: withStarted(record.launches, asProcess(first)) };
    default:
      return record;
  }
};

/** Reads the record of a host; null when there is none, or its first line says nothing. */
export const parseRestartRecord = (text: string | null): RestartRecord | null => {
  const [head = '', ...lines] = (text ?? '').split('\n');
  const id = /^restart (?<id>\S+)$/.exec(head)?.groups?.['id'];
  return id === undefined ? null : lines.reduce(afterLine, empty(id));
};
