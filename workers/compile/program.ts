/** A traced program as data: operations, loops and constants over numbered values. */

export type DataType =
  | 'float32'
  | 'float64'
  | 'int32'
  | 'uint8'
  | 'int16'
  | 'int8'
  | 'string'
  | 'complex64'
  | 'int64'
  | 'uint64'
  | 'bool'
  | 'resource';

export interface Value {
  /** Unique in its program. */
  readonly id: number;
  readonly dtype: DataType;
  /** `null` is a dimension that may differ between runs. */
  readonly shape: readonly (number | null)[];
}

/** An attribute of a TensorFlow op; a list where the value is one, except that a shape is a list by nature. */
export type Attribute =
  | { readonly type: 'bool'; readonly value: boolean | readonly boolean[] }
  | { readonly type: 'int' | 'float'; readonly value: number | readonly number[] }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'type'; readonly value: DataType }
  | { readonly type: 'shape'; readonly value: readonly number[] };

export type Attributes = Readonly<Record<string, Attribute>>;

/** One TensorFlow op. */
export interface Operation {
  readonly kind: 'operation';
  readonly name: string;
  readonly attributes: Attributes;
  readonly inputs: readonly number[];
  readonly outputs: readonly Value[];
}

/**
 * Repeats its body while index < count and the condition holds.
 * Parameters of the body: the index, then the state; of the condition: the state. Results of the body: the next state.
 */
export interface Loop {
  readonly kind: 'loop';
  /** Names of the state's entries. */
  readonly names: readonly string[];
  readonly count: number;
  readonly initial: readonly number[];
  /** For each entry, the resource variable that holds it instead of the loop; all are null by default. */
  readonly variables?: readonly (string | null)[];
  readonly condition?: Region;
  readonly body: Region;
  readonly outputs: readonly Value[];
}

/**
 * An op that may overwrite its targets in resource variables; where it may not, its expansion is meant.
 * Parameters of the expansion: targets, then arguments; results: the targets' new values.
 */
export interface InPlace {
  readonly kind: 'in-place';
  readonly name: string;
  readonly attributes: Attributes;
  readonly targets: readonly number[];
  readonly args: readonly number[];
  readonly expansion: Region;
  readonly outputs: readonly Value[];
}

/** An op that overwrites its targets, which live in resource variables, by one of its name. */
export interface Update {
  readonly kind: 'update';
  readonly name: string;
  readonly attributes: Attributes;
  /** Entries of the innermost loop's state, or values that are copied into their variables first. */
  readonly targets: readonly number[];
  readonly variables: readonly string[];
  /** Which of the targets are copied. */
  readonly copied: readonly boolean[];
  readonly args: readonly number[];
  /** What the targets are afterwards. */
  readonly outputs: readonly Value[];
}

export type Step = Operation | Loop | InPlace | Update;

/** Steps in an order in which they can be carried out; they may use values of the regions around them. */
export interface Region {
  readonly parameters: readonly Value[];
  readonly steps: readonly Step[];
  readonly results: readonly number[];
}

export interface Constant {
  readonly value: Value;
  /** As TensorFlow lays them out in memory. */
  readonly bytes: Uint8Array;
}

export interface TracedProgram {
  /** Names of the body's parameters. */
  readonly inputs: readonly string[];
  /** Names of the body's results. */
  readonly outputs: readonly string[];
  readonly constants: readonly Constant[];
  readonly body: Region;
}

/** The regions that a step holds. */
export function regionsOf(step: Step): readonly Region[] {
  switch (step.kind) {
    case 'operation':
    case 'update':
      return [];
    case 'in-place':
      return [step.expansion];
    case 'loop':
      return step.condition ? [step.condition, step.body] : [step.body];
  }
}

/** The targets that an update is given in variables of their own. */
export function copiedTargets({ targets, copied }: Update): readonly number[] {
  return targets.filter((_, index) => copied[index]);
}

/** The values that a step itself uses, apart from those that its regions use. */
export function operandsOf(step: Step): readonly number[] {
  switch (step.kind) {
    case 'operation':
      return step.inputs;
    case 'in-place':
    case 'update':
      return [...step.targets, ...step.args];
    case 'loop':
      return [step.count, ...step.initial];
  }
}
