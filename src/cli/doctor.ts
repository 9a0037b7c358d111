/** `nightsweep doctor`: says what works on this machine, what does not, why, and what to do about it. */

import { Command } from 'commander';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('explain what works on this machine and what does not: Node, SQLite, backend, memory, disk')
    .summary('explain what works on this machine and what does not')
    .addHelpText(
      'after',
      `
Example:
  nightsweep doctor

Exit code 0 when sweeps can run here, 1 when they cannot.`,
    )
    .action(async () => {
      const [{ examineMachine }, { examinePackages }, { examineBackends }, { formatFindings }] = await Promise.all([
        import('./doctor/examine-machine.ts'),
        import('./doctor/examine-packages.ts'),
        import('./doctor/examine-backends.ts'),
        import('./doctor/finding.ts'),
      ]);
      const findings = [...examineMachine(), ...(await examinePackages()), ...(await examineBackends())];
      process.stdout.write(`${formatFindings(findings)}\n`);
      process.exitCode = findings.some(({ grade }) => grade === 'problem') ? 1 : 0;
    });
}
