/** What the doctor found about one subject, and how it is printed. */

export interface Finding {
  readonly subject: string;
  /** `warning`: sweeps run, but not as well as they could; `problem`: they cannot run. */
  readonly grade: 'ok' | 'warning' | 'problem';
  readonly text: string;
  /** What to do about it. */
  readonly advice?: string;
}

const MARKS = { ok: '+', warning: '!', problem: 'x' } as const;

/** A line per finding, with its advice below it, and a last line that sums up. */
export function formatFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  const lines = findings.flatMap(({ subject, grade, text, advice }) => [
    `${MARKS[grade]} ${subject.padEnd(width)}  ${text}`,
    ...(advice === undefined ? [] : [`${' '.repeat(width + 4)}${advice}`]),
  ]);
  return [...lines, '', summary(findings)].join('\n');
}

function summary(findings: readonly Finding[]): string {
  const count = (grade: Finding['grade']) => findings.filter((finding) => finding.grade === grade).length;
  const problems = count('problem');
  const warnings = count('warning');
  if (problems > 0) return `Sweeps cannot run here: ${problems} problem${problems > 1 ? 's' : ''} (x).`;
  return warnings > 0 ? `Sweeps run here, with ${warnings} reservation${warnings > 1 ? 's' : ''} (!).` : 'All is well.';
}
