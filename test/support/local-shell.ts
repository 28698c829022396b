import { spawn } from 'node:child_process';

/** How a local shell ended. */
export interface ShellResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a script by a real shell's standard input, as the product does on a host. */
export const runShell = (script: string, shell: string[] = ['sh', '-s']): Promise<ShellResult> =>
  new Promise((resolve, reject) => {
    const [program = 'sh', ...args] = shell;
    const child = spawn(program, args, { stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
    child.stdin.end(script);
  });
