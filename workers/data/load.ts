/** Loads the data of a replicate: reads or generates, splits, encodes, transforms. */

import { SweepError } from '../../src/errors.ts';
import { checkSpec, checkTarget, checkTraining } from './checks.ts';
import { readCsv } from './csv-file.ts';
import { csvTable } from './csv-table.ts';
import { datasetKey } from './dataset-key.ts';
import type { DataShape, DataSpec, Dataset } from './dataset.ts';
import { encodeFeatures, fitTransform, requireFloats } from './encode.ts';
import { generatorTable } from './generator-table.ts';
import { applyScale, UNSCALED } from './scale.ts';
import { splitRows } from './split/split-rows.ts';
import type { Table } from './table.ts';

/**
 * @throws SweepError 'data' for data that cannot be read, are not as the spec says, or changed since the sweep was made
 */
export function loadDataset(spec: DataSpec): Dataset {
  return buildDataset(spec, loadTable(spec));
}

/** What the structure of a program depends on. */
export function dataShape(dataset: Dataset): DataShape {
  const { width, classes, parts } = dataset;
  return {
    width,
    classes: classes.length,
    parts: { train: parts.train.length, validation: parts.validation.length, test: parts.test.length },
  };
}

/** Reads the file, which must be the one that the spec was made with, or runs the generator. */
export function loadTable({ source, target_kind, split }: DataSpec): Table {
  const { group } = split;
  if ('file' in source) return csvTable(readCsv(source.file, source.sha256), { source, target_kind, group });
  if (group !== null) {
    const message = `needs a column of a file, found "${group}" for generated data`;
    throw new SweepError('data', { path: 'data.split.group', message });
  }
  return generatorTable(source, target_kind);
}

/** Splits and encodes a table as the spec says. Pure. */
export function buildDataset(spec: DataSpec, table: Table): Dataset {
  const { rows, target } = table;
  const classes = target.classes.length > 0 ? Int32Array.from(target.values) : null;
  checkTarget(table);
  const parts = splitRows(spec.split, { count: rows, classes, groups: table.groups });
  checkTraining(table, parts.train, spec.split);
  const features = encodeFeatures(table, parts.train, spec.transform.features);
  checkSpec(spec, features.names.length);
  const targetScale = classes === null ? fitTransform(spec.transform.target, target, parts.train) : UNSCALED;
  const targets = Float32Array.from(target.values, (value) => applyScale(value, targetScale));
  requireFloats([target.name], targets, 'data.transform.target');
  return {
    key: datasetKey(spec),
    rows,
    width: features.names.length,
    featureNames: features.names,
    features: features.values,
    targets,
    classes: target.classes,
    targetScale,
    parts,
  };
}
