import { isRefusedCommand } from '../../../src/domain/common/refused-command';

describe('a command that this user cannot run on this host', () => {
  it.each([
    'the stop command ended with 1: sudo: a password is required',
    'sudo: a terminal is required to read the password; either use the -S option',
    "Sorry, user ops is not allowed to execute '/usr/bin/svc stop' as root on kafka-1.",
    'Sorry, user ops may not run sudo on kafka-1.',
    'ops is not in the sudoers file.',
    'sudo: svc: command not found',
    'the stop command ended with 127: sh: 1: svc: not found',
    'the stop command ended with 126: sh: 1: /usr/local/bin/svc: Permission denied',
    'the stop command ended with 1: Permission denied',
    'Failed to stop kafka.service: Access denied',
    'Failed to stop kafka.service: Interactive authentication required.',
    'Failed to stop kafka.service: Unit kafka.service not loaded.',
    'Failed to start kafka.service: Unit kafka.service not found.',
    'sh: 1: kill: Operation not permitted | process 12 could not be signalled',
  ])('%s', (words) => {
    expect(isRefusedCommand(words)).toBe(true);
  });
});

describe('a command that failed for now', () => {
  it.each([
    'the stop command ended with 1: Job for kafka.service failed because a timeout was exceeded.',
    'the stop command ended with 5: ',
    'the stop command ended with 1: Failed to connect to bus: Connection refused',
    'sh: 1: kill: No such process | process 12 could not be signalled',
    'sudo: unable to resolve host kafka-1: Temporary failure in name resolution',
  ])('%s', (words) => {
    expect(isRefusedCommand(words)).toBe(false);
  });
});
