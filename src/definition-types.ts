/** The shape of a definition for TypeScript files: keys of the top level; what stands below is checked when it is loaded. */

/** Whatever YAML can say; a text that begins with `$` stands for a searched parameter. */
export type DefinitionValue =
  | string
  | number
  | boolean
  | null
  | readonly DefinitionValue[]
  | { readonly [key: string]: DefinitionValue | undefined };

interface Section {
  readonly [key: string]: DefinitionValue | undefined;
}

/** See docs/definition.md. Everything that has kinds is `'kind'` or `{ name: 'kind', ...arguments }`. */
export type SweepDefinition = TrainingDefinition | TrialDefinition;

/** What nightsweep trains. */
interface TrainingDefinition extends Common {
  readonly data: Section;
  readonly model: Section;
  readonly train: Section;
}

/** What a module runs. */
interface TrialDefinition extends Common {
  readonly trial: Section;
}

interface Common {
  /** `[a-z0-9-]+`, unique in a database. */
  readonly name: string;
  /** The space: a domain for each searched parameter. */
  readonly search?: Section;
  readonly baseline?: Section;
  readonly include?: readonly Section[];
  readonly exclude?: readonly Section[];
  readonly method?: DefinitionValue;
  readonly replicates?: DefinitionValue;
  readonly metrics?: readonly string[];
  readonly objective?: DefinitionValue;
  readonly optimal_error?: number;
  readonly record?: Section;
  readonly limits?: Section;
  readonly seed?: number;
}
