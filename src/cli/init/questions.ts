/** The questions of `init` on a terminal. */

import { autocomplete, confirm, intro, isCancel, multiselect, path, select, text } from '@clack/prompts';
import type { ColumnSummary } from '../../../workers/data/inspect-csv.ts';
import { KNOB_NAMES, KNOBS, type KnobName } from '../../definition/knobs.ts';
import type { Task } from '../../definition/template.ts';
import { Cancelled, type Respondent } from './respondent.ts';

const ANOTHER = '';
/** Above so many columns, one types a part of the name. */
const FEW_COLUMNS = 12;

export function onTerminal(): Respondent {
  intro('A definition for a CSV file of your own');
  return { csv: askCsv, target: askTarget, task: askTask, search: askSearch, output: askOutput };
}

async function askCsv(found: readonly string[]): Promise<string> {
  if (found.length > 0) {
    const options = [...found.map((file) => ({ value: file, label: file })), { value: ANOTHER, label: 'another file' }];
    const chosen = await answered(select({ message: 'Which CSV file?', options, maxItems: FEW_COLUMNS }));
    if (chosen !== ANOTHER) return chosen;
  }
  return answered(
    path({ message: 'Where is the CSV file?', validate: (value) => (value ? undefined : 'A file, please') }),
  );
}

const askTarget: Respondent['target'] = ({ columns }, guess) => {
  const options = columns.map((column) => ({ value: column.name, label: column.name, hint: describe(column) }));
  const question = { message: 'Which column is to be predicted?', options, initialValue: guess, maxItems: FEW_COLUMNS };
  return answered(columns.length > FEW_COLUMNS ? autocomplete(question) : select(question));
};

function describe({ kind, distinct, missing }: ColumnSummary): string {
  const what = { number: 'numbers', decimal_comma: 'numbers with commas', date: 'dates', text: 'text' }[kind];
  return `${what}, ${distinct} different${missing > 0 ? `, ${missing} empty` : ''}`;
}

const askTask: Respondent['task'] = ({ name, distinct }, guess) =>
  answered(
    select<Task>({
      message: `What are the numbers in ${name}?`,
      options: [
        { value: 'regression', label: 'amounts', hint: 'regression' },
        { value: 'classification', label: `names of ${distinct} classes`, hint: 'classification' },
      ],
      initialValue: guess,
    }),
  );

const askSearch: Respondent['search'] = (usual) =>
  answered(
    multiselect<KnobName>({
      message: 'What is to be searched?',
      options: KNOB_NAMES.map((name) => ({
        value: name,
        label: name,
        hint: KNOBS[name].effect,
      })),
      initialValues: usual,
    }),
  );

const askOutput: Respondent['output'] = async (usual, exists) => {
  for (;;) {
    const file = await answered(
      text({
        message: 'Which file is to be written?',
        initialValue: usual,
        validate: (value) => (/\.ya?ml$/.test(value ?? '') ? undefined : 'It must end in .yaml'),
      }),
    );
    if (!exists(file)) return file;
    const message = `${file} exists. Overwrite it?`;
    if (await answered(confirm({ message, initialValue: false }))) return file;
  }
};

/** What was answered. @throws Cancelled for Ctrl-C and Escape */
async function answered<Answer>(question: Promise<Answer>): Promise<Exclude<Answer, symbol>> {
  const answer = await question;
  if (isCancel(answer)) throw new Cancelled();
  return answer as Exclude<Answer, symbol>;
}
