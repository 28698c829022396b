/**
 * What sudo, polkit, systemd and shells say when they will not run a command at all, whoever asks again: sudo(8) without a
 * password or a rule, `interactive authentication` of polkit, EACCES and EPERM, a unit or a command that is not there.
 */
const refusals = [
  /a (password|terminal) is required/,
  /not allowed to (execute|run)/,
  /may not run sudo/,
  /not in the sudoers file/,
  /authentication required/,
  /(access|permission) denied/,
  /operation not permitted/,
  /command not found/,
  /unit \S+ (not found|not loaded|could not be found)/,
];

/** Exit codes of a shell for a command that may not be run (126) or is not there (127). */
const refusalCodes = /\bended with 12[67]\b/;

/** Do a command's last words, or the exit code in our words about it, say that this user cannot run it on this host? */
export const isRefusedCommand = (words: string): boolean =>
  refusalCodes.test(words) || refusals.some((refusal) => refusal.test(words.toLowerCase()));
