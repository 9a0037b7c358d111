/** What a sweep has shown, from its database: the analysis, the diagnosis, the verdict, and what to try next. */

import { readDiagnosisFacts, readWorst } from '../../db/read-diagnosis.ts';
import { readFailureKinds } from '../../db/read-events.ts';
import type { Reader, SweepOverview } from '../../db/reader.ts';
import { endedTrials } from '../dashboard/snapshot-totals.ts';
import type { LeaderboardRow } from '../dashboard/snapshot.ts';
import { stateOf } from '../dashboard/sweep-state.ts';
import { diagnoseSweep, type SweepDiagnosis } from '../diagnosis/diagnose.ts';
import type { DiagnosisFacts } from '../diagnosis/facts.ts';
import { whatNext } from '../diagnosis/next.ts';
import type { Analysis } from '../statistics/analysis-rows.ts';
import type { VerdictFacts } from './verdict.ts';

export interface Answers {
  readonly analysis: Analysis;
  readonly diagnosis: SweepDiagnosis;
  /** What to try next, the most promising first. */
  readonly next: readonly string[];
  /** For `verdictOn`. */
  readonly facts: VerdictFacts;
}

/** What answers are worked out from. */
export interface AnswerInput {
  readonly sweep: SweepOverview;
  readonly analysis: Analysis;
  /** Configs with a result, best first: the first, and the baseline where it has one, at least. */
  readonly leaders: readonly LeaderboardRow[];
  /** Of the configs that are to be diagnosed, the best one first. */
  readonly facts: DiagnosisFacts;
  /** Failed trials by kind. */
  readonly failures: VerdictFacts['failures'];
}

/** Diagnoses the leader, the baseline and the config with the worst mean. @throws SweepError `usage` where there is no such sweep */
export function readAnswers(reader: Reader, name: string, leaders: readonly LeaderboardRow[]): Answers {
  const analysis = reader.analysis(name);
  const sweep = reader.sweepNamed(name);
  const diagnosed = leaders.filter(({ is_baseline }, index) => index === 0 || is_baseline).map(({ config }) => config);
  return reader.read((db) => {
    const worst = readWorst(db, sweep);
    const configs = new Set([...diagnosed, ...(worst === undefined ? [] : [worst])]);
    const facts = readDiagnosisFacts(db, sweep, [...configs]);
    return answersOf({ sweep, analysis, leaders, facts, failures: readFailureKinds(db, sweep.id) });
  });
}

export function answersOf({ sweep, analysis, leaders, facts, failures }: AnswerInput): Answers {
  const diagnosis = diagnoseSweep(facts, analysis);
  const next = whatNext(facts, analysis, diagnosis, sweep.replicates);
  return {
    analysis,
    diagnosis,
    next,
    facts: {
      sweep: { ...sweep, state: stateOf(sweep), ended: endedTrials(sweep) },
      analysis,
      leaders,
      params: facts.params,
      failures,
      causes: diagnosis.causes,
      diagnosis: diagnosis.diagnoses.find(({ config }) => config === analysis.best) ?? null,
      next,
    },
  };
}
