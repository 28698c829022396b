import type { ClusterDefinition, NodeDefinition } from '../config/definition';
import type { SshTarget } from '../ssh/ssh2-connection';

/** How the host of a node is reached. */
export const sshTarget = ({ ssh }: ClusterDefinition, node: NodeDefinition): SshTarget => ({
  host: node.host,
  port: node.sshPort,
  user: ssh.user,
  privateKeyFile: ssh.privateKeyFile,
  knownHostsFile: ssh.knownHostsFile,
  connectTimeoutMs: ssh.connectTimeoutMs,
});
