import { join } from 'node:path';
import type { LabHost } from '../lab-types';
import { LogTail } from './log-tail';

/** The JVM's own line for the signal, in every release. */
export const askedToStop = 'Terminating process due to signal SIGTERM';

/** What the node of this host writes into Kafka's own log from now on. */
export const brokerLog = ({ root }: LabHost): LogTail => new LogTail(join(root, 'var/log/kafka/server.log'));
